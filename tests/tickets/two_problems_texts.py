"""Texts of tickets as customers write them: forty and more that hold two problems, and as many
that hold one and look as if they held more. `|` stands where the second problem begins.
"""

from __future__ import annotations

# ruff: noqa: E501
TWO = [
    (
        "Dos problemas: correo y web caida",
        "El correo no llega desde ayer a ninguna cuenta.\n\n|Además, la página web muestra error 500 al entrar al carrito.",
    ),
    (
        "Dos problemas",
        "El correo no llega desde ayer |y además la página web está caída.",
    ),
    (
        "2 problemas con el hosting",
        "El correo no llega desde ayer. |También la web muestra error 500 al entrar al carrito.",
    ),
    (
        "Tengo dos consultas",
        "¿Cuánto cuesta aumentar el disco del VPS? |Por otro lado, ¿cómo renuevo el dominio andina.pe?",
    ),
    (
        "Two issues: mail and web",
        "The mailbox does not receive anything since yesterday. |Also the website is down with error 503.",
    ),
    (
        "Correo y dominio",
        "No llegan los correos de Gmail desde ayer.\n\n|Además quiero renovar el dominio andina.pe que vence este mes.",
    ),
    (
        "No llegan correos",
        "Desde la mañana no recibimos correos de clientes, ni de Gmail ni de Outlook. |Por otro lado, la factura del mes pasado salió con el RUC equivocado.",
    ),
    (
        "Web caída",
        "La página da error 500 al entrar al carrito. |Otra consulta: ¿cuánto cuesta aumentar el disco del VPS?",
    ),
    (
        "Dos cosas",
        "1) La web muestra error 503 desde anoche.\n|2) Necesito crear una cuenta de correo para la nueva asistente.",
    ),
    (
        "Varios pedidos",
        "1. El certificado SSL de la tienda venció y sale no seguro.\n|2. Quiero cambiar la contraseña del FTP.",
    ),
    (
        "Problemas con el servidor",
        "Tengo dos problemas:\n1- No puedo entrar por SSH, sale connection refused.\n|2- El respaldo de anoche no se generó.",
    ),
    (
        "Outlook no envía",
        "Outlook pide la contraseña a cada rato y no envía. |También tengo otro problema: la página de inicio carga muy lento.",
    ),
    (
        "Consulta de facturación",
        "Quiero que me envíen la factura de marzo al correo de contabilidad. |Aparte, no puedo subir archivos por FTP, sale error 530.",
    ),
    (
        "Error en WordPress",
        "Después de actualizar WordPress sale pantalla blanca en el administrador.\n\n|Aprovecho para pedir que aumenten el espacio de los buzones de correo.",
    ),
    (
        "SPAM",
        "Recibimos cientos de correos spam en la cuenta ventas. |Otro tema: el subdominio intranet no resuelve, parece que falta el DNS.",
    ),
    (
        "Instalar SSL",
        "Por favor instalar el certificado SSL en tienda.andina.pe. |De paso, ¿pueden revisar por qué el servidor de base de datos rechaza conexiones remotas?",
    ),
    (
        "MySQL no conecta",
        "El sistema de ventas no conecta a MySQL, error 2002.\n\n|Por otra parte, necesitamos crear tres cuentas de correo nuevas.",
    ),
    (
        "Email and invoice",
        "We cannot send emails from Outlook since yesterday. |On another note, the invoice for March has the wrong company name.",
    ),
    (
        "Website down",
        "The website shows a 502 error on checkout. |Another question: how do we renew the domain andina.pe?",
    ),
    (
        "Two problems",
        "1) The website is down with error 503.\n|2) I need a new mailbox for our accountant.",
    ),
    (
        "SSH and backup",
        "SSH connection is refused on port 22. |I also have another issue: last night's backup did not run.",
    ),
    (
        "No imprime y correo",
        "El ERP no abre los reportes desde el lunes, se queda cargando.\n\n|Otro problema es que los correos que mandamos a Hotmail rebotan.",
    ),
    (
        "Dominio vencido",
        "El dominio andina.pe aparece suspendido aunque ya pagamos. |Una consulta adicional, ¿cómo configuro mi correo en el iPhone?",
    ),
    (
        "Cortafuegos",
        "Necesito abrir el puerto 3389 en el cortafuegos para el contador.\n\n|También necesito que me emitan la factura de abril con la nueva dirección.",
    ),
    (
        "Problema 1 y 2",
        "Problema 1: la tienda no deja pagar, sale error 500.\n\n|Problema 2: los correos de confirmación caen en spam.",
    ),
    (
        "Varios",
        "- No puedo entrar al panel, dice clave incorrecta.\n|- La copia de seguridad del domingo falló.\nGracias.",
    ),
    (
        "Lento",
        "El servidor está muy lento desde ayer, la carga no baja de 20. |Un segundo problema: el certificado de correo venció y Outlook muestra advertencia.",
    ),
    (
        "Ayuda",
        "Buenas tardes, no puedo subir imágenes al WordPress, sale error HTTP. |Y otra cosa, quisiera cambiar mi plan a uno con más disco.",
    ),
    (
        "Correo lleno",
        "El buzón de gerencia está lleno y rebota todo. |Cambiando de tema, quiero transferir el dominio costa.pe a ustedes.",
    ),
    (
        "Redirección",
        "Necesito redirigir andina.com a andina.pe con un 301.\n\n|Además, el FTP no me deja borrar carpetas, sale permiso denegado.",
    ),
    (
        "Base de datos",
        "Por favor importar la base de datos adjunta en MySQL. |Por otro lado no me llegan los correos de recuperación de clave de Gmail.",
    ),
    (
        "Pago",
        "Ayer pagué por transferencia y el servicio sigue suspendido, adjunto el voucher.\n\n|Otra consulta, ¿se puede subir la versión de PHP a 8.3?",
    ),
    (
        "Usuario nuevo",
        "Necesito crear la cuenta de correo jperez@andina.pe. |También quiero que revisen el sitio web, muestra error 403 en la carpeta fotos.",
    ),
    (
        "Certificado",
        "El navegador dice que el certificado está vencido en la tienda.\n|Por otro lado, quiero dar de baja el servidor de pruebas.",
    ),
    (
        "SSH",
        "Quiero agregar mi llave SSH al servidor, adjunto la clave pública. |Aprovecho en consultar por la factura pendiente: ¿ya registraron el pago?",
    ),
    (
        "Reinicio",
        "Por favor reiniciar el VPS 2, no responde por consola.\n\n|Otro pedido: crear un subdominio para la campaña de la madre.",
    ),
    (
        "PHP",
        "Necesitamos cambiar PHP a 8.2 para el sistema contable. |Asimismo, los correos de facturación no llegan a Gmail desde el viernes.",
    ),
    (
        "Dos consultas",
        "Tengo dos consultas. La primera, ¿cómo activo la verificación del correo con DKIM? |La segunda, ¿por qué la web sale como no segura?",
    ),
    (
        "Reporte",
        "Les escribo por dos temas:\na) la web no carga en celulares\n|b) el buzón de compras no recibe mensajes",
    ),
    (
        "Webmail",
        "El webmail rechaza a todos con login failed. |Separately: we need the invoice of June re-sent.",
    ),
    (
        "Backup",
        "No encuentro la copia de seguridad del 3 de mayo.\n\n|Adicionalmente necesito que abran el puerto 8080.",
    ),
    (
        "Nuevo dominio",
        "Quiero registrar el dominio andinatextil.pe.\n\n|Por otro lado, tenemos un problema con la web actual: el formulario de contacto no envía.",
    ),
    (
        "Tienda",
        "En la tienda no carga el carrito, sale 502.\n\n|Otro tema: el disco del servidor de archivos está al 98 %.",
    ),
    (
        "Plugin",
        "El plugin de pagos de WooCommerce da error al activar. |Aparte de eso necesito que cambien el titular de la cuenta y la factura.",
    ),
    (
        "Accesos",
        "No puedo ingresar por SSH con mi usuario, permission denied.\n\n|También quisiera pedir una cotización de un servidor adicional.",
    ),
    (
        "Correos",
        "Los correos enviados a Hotmail rebotan con 550.\n\n|Además necesito instalar un certificado SSL en el subdominio clientes.",
    ),
    (
        "DNS",
        "El registro MX no se propagó y no llega el correo. |Otra cosa aparte: el FTP da tiempo de espera agotado.",
    ),
    # Written after the rules were first settled.
    (
        "Consulta",
        "El correo del gerente no recibe adjuntos grandes. |Por otro lado quisiera contratar un servidor adicional para respaldos.",
    ),
    (
        "Ayuda con el hosting",
        "La página sale con error 404 en todas las secciones menos la portada. |Otra consulta, ¿me pueden enviar la factura de mayo?",
    ),
    (
        "Urgente",
        "No puedo entrar al VPS por SSH.\n\n|Y aprovecho para preguntar cuánto cuesta ampliar la memoria.",
    ),
    ("Varios temas", "1) El webmail no abre\n|2) El certificado de la tienda venció ayer\nSaludos"),
    (
        "Correo y factura",
        "Los correos a clientes de Gmail llegan a spam. |Además necesito que cambien la razón social de la factura.",
    ),
    (
        "Dominio nuevo",
        "Quiero registrar el dominio pescacosta.pe para la nueva marca. |Otro asunto: la base de datos del sistema se desconecta a cada rato.",
    ),
    (
        "FTP",
        "No puedo subir archivos por FTP. |También tengo una consulta sobre el dominio, ¿cómo lo transfiero?",
    ),
    (
        "Hosting lento",
        "Mi sitio está lento desde hace una semana. |Otro punto, quiero que me creen dos cuentas de correo.",
    ),
    (
        "Panel",
        "No recuerdo la clave del panel. |Por otra parte necesito instalar un certificado SSL en la web.",
    ),
    (
        "Servidor",
        "Se reinició el servidor y MySQL no arranca.\n\n|Otra cosa: la factura de enero sigue pendiente de envío.",
    ),
    (
        "Dos pedidos",
        "Tengo dos pedidos:\n- abrir el puerto 8443 en el cortafuegos\n|- crear el subdominio pruebas.andina.pe",
    ),
    (
        "Correo en Outlook",
        "Outlook no sincroniza la carpeta de enviados, sale error de conexión. |Un tema más, la web sale en blanco en Safari.",
    ),
    (
        "Outage",
        "Our website is down with error 500. |Also, we need a new mailbox for our accountant.",
    ),
    (
        "Migración",
        "Quiero que configuren mi correo en Office 365.\n\n|Además el FTP no conecta desde la oficina.",
    ),
    (
        "Backup",
        "El respaldo no se ejecutó el domingo. |Adicionalmente quiero renovar el dominio andina.pe por dos años.",
    ),
    (
        "Intranet",
        "La intranet muestra error de certificado. |También quería consultar por una cotización de telefonía.",
    ),
    (
        "Problemas",
        "Primero: no llegan los correos de los proveedores.\n|Segundo: la página web no muestra las fotos.",
    ),
    (
        "WordPress",
        "WordPress no me deja subir imágenes.\n\n|Necesito también que emitan la factura del hosting a otro RUC.",
    ),
    ("ERP", "El ERP no abre desde Piura. |Otro inconveniente: los correos de cobranza rebotan."),
    (
        "Disco",
        "El disco del VPS está lleno. |Aparte necesito cambiar la contraseña del correo de Juan.",
    ),
    ("VPN", "La VPN no conecta. |De otro lado, quisiera saber cuánto cuesta otro dominio."),
    (
        "Soporte",
        "Buenas, necesito dos cosas: que instalen PHP 8.2 |y que me envíen la factura de abril.",
    ),
    (
        "Correo",
        "No me llegan los correos del banco. |Otra consulta: ¿cómo configuro un subdominio para mi intranet?",
    ),
    (
        "Web y facturas",
        "La web da timeout desde anoche.\n\n|Por otro lado, solicito la nota de crédito de la factura F001-234.",
    ),
    ("Acceso", "El FTP rechaza mi clave. |Asimismo necesito crear un correo para recepción."),
    ("Buenas", "1. El VPS no responde por SSH\n|2. La factura de junio no llegó"),
    (
        "Ayuda",
        "No funciona el formulario de la página. |También necesitamos aumentar el disco del servidor.",
    ),
    (
        "Outlook",
        "Outlook en la PC de ventas no abre.\n\n|Otro tema es que el dominio vence la próxima semana y quiero renovarlo.",
    ),
    ("Server", "I cannot connect by SSH. |Also, please create a new mailbox for Ana."),
    (
        "MySQL",
        "MySQL está caído en el servidor 2. |Una cosa más: quiero cambiar el correo de contacto de mi cuenta.",
    ),
    (
        "Copias",
        "Quisiera contratar copias de seguridad diarias. |Por otra parte la web carga lenta desde ayer.",
    ),
    (
        "SPAM",
        "Llega mucho spam a info@andina.pe. |De paso quisiera que renueven el certificado SSL.",
    ),
    (
        "Panel",
        "El panel muestra error 500 al entrar. |Además quisiera transferir el dominio a otra cuenta.",
    ),
    (
        "Red",
        "El ping a nuestro servidor se pierde. |Segundo tema: necesitamos una cotización para un switch.",
    ),
]
ONE = [
    (
        "Dos problemas",
        "El correo no llega desde ayer a ninguna cuenta. También reinicié el equipo y sigue el error.",
    ),
    (
        "Dos problemas con el correo",
        "El correo no llega desde ayer a ninguna cuenta, ni de Gmail ni de Outlook.",
    ),
    (
        "Dos consultas SQL lentas",
        "La consulta de ventas no termina, da timeout. Además, la de compras también falla por timeout.",
    ),
    (
        "Correo caído",
        "El correo no llega desde ayer y además la página web está caída.",
    ),
    (
        "Two issues",
        "The website shows an error 500 since yesterday. Also, thank you for your help.",
    ),
    (
        "No llegan correos de Gmail",
        "Desde ayer no llegan correos de Gmail. Además probamos desde Hotmail y tampoco llegan. Por otro lado, los correos internos sí funcionan.",
    ),
    (
        "Error 502 en la tienda",
        "La tienda muestra 502 al pagar. También pasa en el celular y en otra computadora. Además los clientes nos están llamando.",
    ),
    (
        "SSH rechazado",
        "Al entrar por SSH sale connection refused.\nYa probé:\n1) reiniciar el router\n2) otra computadora\n3) cambiar la clave\nNada funcionó.",
    ),
    (
        "Web lenta",
        "La web carga muy lento desde el lunes.\n\nPasos que seguí:\n1. Limpié la caché de WordPress\n2. Desactivé los plugins\n3. Revisé la base de datos\n\nSigue igual.",
    ),
    (
        "Se cayó todo",
        "No carga la página y el correo tampoco funciona. El ping no responde. Todo desde las 3 de la mañana.",
    ),
    (
        "Base de datos",
        "El sistema dice error de conexión a la base de datos. La web muestra Error establishing a database connection. Ya reinicié MySQL y volvió a caer.",
    ),
    (
        "Registro de error",
        "Al abrir el reporte sale esto:\n[02-Mar-2026 10:00:01] PHP Fatal error: Allowed memory size exhausted\n[02-Mar-2026 10:00:05] mysqli: connection refused\n[02-Mar-2026 10:00:09] mail(): failed\nNo tocamos nada.",
    ),
    (
        "Migrar a otro servidor",
        "Quiero migrar mi página web y mis correos al nuevo VPS. También las bases de datos. ¿Qué necesitan de mí?",
    ),
    (
        "Correo no envía ni recibe",
        "La cuenta ventas no envía ni recibe. Además Outlook pide la contraseña. También probé en el celular y sale el mismo mensaje.",
    ),
    (
        "Certificado vencido",
        "El certificado de la web venció. Además el navegador del contador no le deja entrar, y por otro lado en mi casa sí entra pero con advertencia.",
    ),
    (
        "Formulario de contacto",
        "El formulario de la web no envía correos. La web carga bien y el correo normal funciona, pero lo que mandan del formulario no llega.",
    ),
    (
        "Instalar SSL",
        "Necesito instalar un certificado SSL en el dominio andina.pe y también en www.andina.pe. Además que la web redirija a https.",
    ),
    (
        "Cuentas nuevas",
        "Por favor crear estas cuentas:\n1. jperez@andina.pe\n2. mrojas@andina.pe\n3. ventas@andina.pe\nGracias.",
    ),
    (
        "Servidor lento",
        "El servidor está lento: la web demora, MySQL demora y el correo también. En top veo st en 40. Reinicié Apache y MySQL sin cambio.",
    ),
    (
        "Web hackeada",
        "La página redirige a un casino. Además encontramos archivos PHP raros, y desde la misma cuenta salen correos spam.",
    ),
    (
        "Dominio",
        "Renové el dominio ayer pero la web sigue sin abrir. También el correo dejó de llegar. Pagué con tarjeta y tengo el comprobante.",
    ),
    (
        "Outlook",
        "Outlook no envía. Otra cosa que noté es que en el webmail sí funciona y que el antivirus estaba activado.",
    ),
    (
        "WordPress blanco",
        "Actualicé un plugin y quedó en blanco.\n\nLo que hice:\n- renombré la carpeta del plugin por FTP\n- restauré la copia de la base de datos\n- cambié PHP a 8.1\n\nNo volvió.",
    ),
    (
        "Facturación",
        "La factura de marzo tiene mal el RUC. Además la de abril tiene el mismo error. También necesito la nota de crédito.",
    ),
    (
        "Puerto",
        "Necesito abrir el puerto 3306 para conectar a MySQL desde la oficina. Nuestra IP es 192.0.2.10. También desde 192.0.2.11.",
    ),
    (
        "No entra al panel",
        "No puedo entrar al panel. Dice clave incorrecta. Pedí la recuperación y el correo no me llega. Aparte de eso no tengo otra forma de entrar.",
    ),
    (
        "Disco lleno",
        "El servidor dice disco lleno. Por eso la base de datos no arranca y los correos no entran. ¿Pueden decirme qué archivos borrar?",
    ),
    (
        "SPAM",
        "Nuestra IP está en lista negra. Los correos a Hotmail rebotan y además los de Yahoo. Ya cambié las claves y pasé el antivirus en todas las máquinas.",
    ),
    (
        "Reinicio",
        "El VPS se reinicia solo cada noche.\n\nAyer pasó a las 2:10.\n\nHoy pasó a las 2:12. No hay otro problema, durante el día funciona bien.",
    ),
    (
        "Copia",
        "Necesito restaurar la copia del martes: la carpeta de documentos y la base de datos contable. También los correos de esa cuenta si se puede.",
    ),
    (
        "FTP",
        "FileZilla conecta pero no lista. Además de FileZilla probé WinSCP. Por otra parte mi colega desde su casa entra sin problema.",
    ),
    (
        "Sin internet en el servidor",
        "Desde el servidor no sale a internet: no resuelve DNS, no puedo actualizar paquetes y los correos quedan en cola.",
    ),
    (
        "Email not arriving",
        "Emails from Gmail are not arriving since yesterday. Also, internal mail works fine. Besides, we tried from two phones.",
    ),
    (
        "Site down",
        "The website is down. We also tried from another network. Additionally, the ping times out. The mail is down too.",
    ),
    (
        "Steps",
        "I cannot log in by SSH. Steps I tried:\n1) restarted the VPS\n2) reset the password in the panel\n3) opened the firewall port\nStill refused.",
    ),
    (
        "Cambio de PHP",
        "Queremos pasar a PHP 8.3. Además quisiéramos saber si el plugin de pagos es compatible, porque la web lo usa.",
    ),
    (
        "Llaves",
        "No me deja entrar con la llave nueva. La llave vieja sí funciona. También subí la clave pública al panel como dice el artículo.",
    ),
    (
        "Correo en el celular",
        "No puedo configurar el correo en el celular.\n1. Pongo el servidor mail.andina.pe\n2. Pongo mi usuario y contraseña\n3. Sale que el certificado no es válido",
    ),
    (
        "Carga",
        "La página de inicio da timeout. También la de productos y la de contacto. Además el administrador de WordPress.",
    ),
    (
        "Error 500",
        "Sale error 500 en el reporte de ventas.\n\nEl log dice:\n1: SELECT * FROM ventas\n2: Out of memory\n\nAdemás adjunto la captura.",
    ),
    (
        "Transferencia",
        "Quiero transferir mi dominio a ustedes. Tengo el código. Por otro lado, ¿la web y los correos dejan de funcionar mientras tanto?",
    ),
    (
        "Correo rebota",
        "El correo a proveedor@costa.pe rebota. Otro correo al mismo dominio sí llega. Otra vez intenté y rebotó de nuevo.",
    ),
    (
        "Alerta de disco",
        "Nos llegó un correo con una alerta de disco del servidor. Además otro correo igual una hora después. ¿Qué hacemos?",
    ),
    (
        "Cron",
        "El cron que manda los correos de cobranza no corre. Además revisé la hora del servidor y está bien. También probé ejecutarlo a mano y sí envía.",
    ),
    (
        "Intranet",
        "La intranet no abre desde Arequipa. Aparte desde Lima sí abre. También probamos con VPN.",
    ),
    (
        "Hosting",
        "Buenos días, quisiera mover mi web de un hosting a otro.\n\nLa web usa WordPress y MySQL.\n\nEl correo queda donde está.",
    ),
    (
        "Lento el correo",
        "El correo demora en llegar.\n\nLa web funciona normal.\n\nEl servidor tiene poca carga según el panel.",
    ),
    (
        "Ping alto",
        "El ping al servidor sube a 900 ms.\n\nAdjunto el tracert:\n1 192.168.1.1 1 ms\n2 10.0.0.1 5 ms\n3 * * * tiempo agotado\n\nPor otro lado el proveedor de internet dice que todo está bien.",
    ),
    (
        "Acceso de un empleado",
        "Un empleado se fue y queremos quitarle el acceso: cambiar la clave del correo, del FTP y del panel. También bloquear su llave SSH.",
    ),
    # Written after the rules were first settled.
    (
        "Correo",
        "No puedo enviar correos. También falla desde el webmail. Necesito que lo revisen porque es urgente.",
    ),
    (
        "Web",
        "La web no carga. Además necesito que revisen si la base de datos está bien, creo que es eso.",
    ),
    (
        "Error al pagar",
        "Al pagar sale error en la pasarela. Otra cosa que vimos es que sólo pasa con Visa. También que el correo de confirmación no sale cuando falla.",
    ),
    (
        "SSL",
        "La tienda sale como no segura. Además quisiera instalar el certificado nuevo que compré.",
    ),
    ("Cuota", "El buzón está lleno y rebota. También quiero aumentar la cuota de ese buzón."),
    (
        "Caída",
        "No responde el servidor. No abre la web, no abre el correo, no abre el ERP. Por favor reiniciar.",
    ),
    (
        "Instalación",
        "Necesito instalar Moodle en mi hosting.\n\nLa base de datos debe llamarse moodle.\n\nEl dominio es aula.colegio.pe",
    ),
    (
        "Acceso MySQL",
        "Necesito acceso remoto a MySQL. Por otro lado, mi IP cambia cada día, así que quisiera abrir todo el rango.",
    ),
    (
        "DNS",
        "Cambié los DNS ayer.\n1. Puse ns1 y ns2\n2. Esperé un día\n3. Borré la caché\nLa web sigue mostrando la página antigua.",
    ),
    (
        "Correo viejo",
        "Quiero pasar los correos del proveedor anterior a ustedes. Además los contactos y el calendario.",
    ),
    (
        "Hackeo",
        "Encontramos virus en la web. También cambiaron la clave del FTP y del panel. Además crearon cuentas de correo que no conocemos.",
    ),
    (
        "Lista negra",
        "Estamos en lista negra de Spamhaus. Adjunto la cabecera:\nReceived: from mail.andina.pe\nX-Spam: yes\nAdemás los correos al banco rebotan.",
    ),
    (
        "PHP",
        "Al cambiar a PHP 8 el sitio se cae. Por eso volví a 7.4. Otra opción sería actualizar el plugin, pero no sé cómo.",
    ),
    (
        "Mail",
        "We cannot receive mail. Another thing we noticed is that webmail works. We also restarted the phone.",
    ),
    (
        "Panel",
        "No puedo crear cuentas de correo en el panel. Además tampoco puedo borrar las que hay.",
    ),
    (
        "Lentitud",
        "El servidor va lento en las noches, cuando corre la copia de seguridad. También la web se cae a esa hora.",
    ),
    (
        "Dominio vencido",
        "Se venció el dominio y no abre la web. También dejaron de llegar los correos. Ya pagué la factura, adjunto voucher.",
    ),
    ("Puertos", "Necesito abrir los puertos 80 y 443. También el 8080 para pruebas."),
    (
        "FTP",
        "El diseñador no puede entrar por FTP. Además le sale que el servidor no responde. Desde mi casa sí entra.",
    ),
    (
        "Restaurar",
        "Borré por error la base de datos de la tienda. Necesito la copia de ayer. Además, mientras tanto, pongan una página de mantenimiento.",
    ),
    (
        "Certificado",
        "Al enviar con Outlook sale advertencia de certificado. También en el iPhone. En el webmail no sale.",
    ),
    (
        "App",
        "Nuestra app usa una API en el servidor.\n\nDesde hoy la API devuelve error 500.\n\nNecesito que revisen el registro de Apache.",
    ),
    (
        "Copia",
        "La copia falla.\n\nError: no space left on device\nError: mysqldump: write failed\n\nAdemás el correo de aviso llega vacío.",
    ),
    (
        "Reporte",
        "- Abro el reporte de ventas\n- Elijo el mes\n- Sale error 500\nCon otros reportes no pasa.",
    ),
    (
        "Correo",
        "No llegan correos. Además el servidor de correo responde 421. También revisé el DNS y está bien.",
    ),
    (
        "Tienda caída",
        "La tienda no abre. Otra vez el mismo error que la semana pasada. También quiero saber la causa.",
    ),
    (
        "Subdominio",
        "Necesito crear el subdominio tienda.andina.pe. Además quisiera instalarle WordPress y un certificado SSL.",
    ),
    ("SSH", "No puedo entrar por SSH. También necesito que reinicien el VPS, por favor."),
    (
        "Base",
        "La base de datos pesa 20 GB y el disco se llenó. Por otro lado no puedo borrar tablas.",
    ),
    (
        "Login",
        "Los usuarios no pueden entrar al sistema contable. Por otra parte los administradores sí entran.",
    ),
    ("Buzones", "Hay dos buzones con problemas: ventas no recibe y compras no envía."),
    (
        "Correo masivo",
        "Quiero enviar 5000 correos a mis clientes. ¿Cuánto cuesta? ¿Afecta a mi dominio o a la web?",
    ),
    (
        "Deploy",
        "1) Subo los archivos por FTP\n2) Ejecuto el script de la base de datos\nY sale error 500.",
    ),
    (
        "Mudanza",
        "Nos mudamos de oficina y la IP cambió. Necesito que la agreguen en el cortafuegos para SSH, FTP y MySQL.",
    ),
    (
        "Impresora",
        "La impresora fiscal no imprime desde el ERP. Además el reporte se queda en blanco.",
    ),
    ("Backup", "Please restore yesterday's backup of the website. Also the database of the shop."),
]
