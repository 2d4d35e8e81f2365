"""Pairs of tickets of one company and one affection: subject and text of each."""

from __future__ import annotations

# ruff: noqa: E501
ALIKE = [
    (
        "La tienda virtual muestra error 502",
        "La tienda en línea muestra «502 Bad Gateway» al entrar al carrito. La portada sí abre. Anoche actualizamos PHP de la versión 8.1 a la 8.3 y hasta ayer todo funcionaba.",
        "Clientes no pueden comprar, sale Bad Gateway en la tienda virtual",
        "Nos están llamando clientes porque al pagar en la tienda virtual les sale una página que dice «Bad Gateway». A mí también me pasa en la computadora y en el celular. Es la campaña de fin de mes y necesitamos que el carrito vuelva a funcionar.",
    ),
    (
        "No llegan correos de Gmail",
        "Desde ayer los correos de Gmail no aparecen en la bandeja.",
        "Gmail no nos entrega correos",
        "Ningún correo que viene de Gmail aparece en la bandeja desde ayer en la tarde.",
    ),
    (
        "No puedo entrar por SSH al VPS",
        "Al conectar por SSH sale connection refused en el puerto 22, ayer entraba bien.",
        "SSH connection refused",
        "El VPS no acepta SSH, connection refused en el puerto 22 desde anoche.",
    ),
    (
        "Se cayó la base de datos",
        "El sistema de ventas dice que no puede conectar a MySQL, error 2002.",
        "Error 2002 MySQL en ventas",
        "Sistema de ventas con error de conexión a MySQL 2002, nadie puede facturar.",
    ),
    (
        "La web no abre",
        "andina.pe no abre, da error 503 desde hace rato",
        "andina.pe caída",
        "Nuestra página andina.pe muestra 503 Service Unavailable a todos.",
    ),
    (
        "Certificado vencido",
        "Los navegadores dicen que el certificado SSL de tienda.andina.pe venció",
        "SSL vencido",
        "Al entrar a tienda.andina.pe sale que la conexión no es privada, el certificado venció.",
    ),
    (
        "Rebotes al enviar a Hotmail",
        "Los correos que mandamos a Hotmail rebotan con mensaje 550 blocked.",
        "No puedo enviar a Hotmail",
        "Todo correo a Hotmail rebota 550 5.7.1 blocked, nuestra IP parece en lista negra.",
    ),
    (
        "Disco lleno en el servidor",
        "El servidor dice No space left on device y no se pueden guardar archivos.",
        "No space left on device",
        "No se pueden guardar documentos, sale no space left on device, creo que el disco está lleno.",
    ),
    (
        "El webmail no acepta la clave",
        "Nadie puede entrar al webmail, dice login failed aunque la clave es correcta.",
        "Login failed en webmail",
        "Desde la mañana el webmail rechaza a todos los usuarios con login failed.",
    ),
    (
        "Página en blanco en WordPress",
        "Después de actualizar un plugin la web quedó en blanco.",
        "WordPress en blanco",
        "La página quedó en blanco luego de actualizar el plugin de WooCommerce.",
    ),
    (
        "Lentitud al cargar el ERP",
        "El ERP demora más de un minuto en abrir los reportes desde el lunes.",
        "ERP lento en reportes",
        "Los reportes del ERP tardan muchísimo en abrir, varios usuarios se quejan.",
    ),
    (
        "No funciona el FTP",
        "FileZilla se queda en tiempo de espera al listar el directorio",
        "FTP con timeout",
        "Con FileZilla conecta pero no lista el directorio, sale tiempo de espera agotado.",
    ),
]
DIFFERENT = [
    (
        "No llegan correos de Gmail",
        "Desde ayer los correos de Gmail no aparecen en la bandeja.",
        "No puedo enviar correos desde Outlook",
        "Al enviar desde Outlook sale error 0x800CCC0F, recibir sí funciona.",
    ),
    (
        "No llegan correos de Gmail",
        "Desde ayer los correos de Gmail no aparecen en la bandeja.",
        "El buzón de gerencia está lleno",
        "gerencia no puede recibir correos porque el buzón llegó a su cuota.",
    ),
    (
        "La web no abre",
        "La página principal da error 503 desde hace rato",
        "El formulario de contacto no envía",
        "La web abre bien pero el formulario de contacto muestra error al enviar.",
    ),
    (
        "La web no abre",
        "La página principal da error 503 desde hace rato",
        "Imágenes rotas en la página",
        "Las imágenes de los productos no cargan en la página desde la migración.",
    ),
    (
        "Se cayó la base de datos",
        "El sistema de ventas dice que no puede conectar a MySQL, error 2002.",
        "El reporte de ventas da error 500",
        "En el sistema de ventas el reporte por fecha muestra error 500, memory size exhausted.",
    ),
    (
        "No puedo entrar por SSH al VPS",
        "Al conectar por SSH sale connection refused en el puerto 22.",
        "No puedo entrar al panel",
        "El panel de control me rechaza la clave y no puedo entrar.",
    ),
    (
        "Certificado vencido",
        "El certificado SSL de tienda.andina.pe venció",
        "tienda.andina.pe muestra error 500",
        "Al pagar en tienda.andina.pe sale error 500 en el carrito.",
    ),
    (
        "El webmail no acepta la clave",
        "Nadie puede entrar al webmail, dice login failed aunque la clave es correcta.",
        "Cambiar clave de un correo",
        "Necesito cambiar la clave de la cuenta de correo de un empleado que se fue.",
    ),
    (
        "Lentitud al cargar el ERP",
        "El ERP demora más de un minuto en abrir los reportes desde el lunes.",
        "El ERP no imprime facturas",
        "Al imprimir una factura desde el ERP sale una hoja en blanco.",
    ),
    (
        "No funciona el FTP",
        "FileZilla se queda en tiempo de espera al listar el directorio",
        "Crear un usuario FTP",
        "Necesitamos un usuario FTP nuevo para el diseñador, con acceso sólo a una carpeta.",
    ),
    (
        "Rebotes al enviar a Hotmail",
        "Los correos que mandamos a Hotmail rebotan con mensaje 550 blocked.",
        "Correos de proveedores llegan a spam",
        "Los correos de nuestros proveedores caen en la carpeta de spam.",
    ),
    (
        "Disco lleno en el servidor",
        "El servidor dice No space left on device y no se pueden guardar archivos.",
        "Servidor reinicia solo",
        "El servidor se reinicia solo cada noche y no encontramos el motivo en los registros.",
    ),
    (
        "Página en blanco en WordPress",
        "Después de actualizar un plugin la web quedó en blanco.",
        "WordPress pide actualizar PHP",
        "WordPress avisa que la versión de PHP es antigua y pide actualizar.",
    ),
    (
        "No carga la intranet",
        "La intranet de la oficina de Arequipa no carga desde la mañana.",
        "No carga el correo en el celular",
        "El correo no carga en el celular de ventas desde la mañana.",
    ),
    (
        "Error al subir archivos",
        "Al subir archivos de más de 2 MB al sistema sale error.",
        "Error al bajar reportes",
        "Al bajar reportes del sistema sale error de permisos.",
    ),
    (
        "Quiero configurar mi correo en Outlook",
        "Necesito los datos de los servidores para configurar Outlook.",
        "Outlook pide la contraseña a cada rato",
        "Outlook pide la contraseña cada vez que abro el programa.",
    ),
    (
        "Redirección de andina.pe",
        "Quiero que andina.pe redirija a www.andina.pe",
        "Correo en andina.pe rebota",
        "Los correos a ventas@andina.pe rebotan con buzón inexistente.",
    ),
    (
        "La copia de seguridad falló",
        "La copia de anoche no terminó, dice error de permisos en el NFS.",
        "Restaurar una copia",
        "Necesitamos restaurar la copia del martes de la carpeta de documentos.",
    ),
]
