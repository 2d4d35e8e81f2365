"""What a clause with a time in it says: who acts, and whether it lies ahead (R4). Pure.

Patterns are read over text in lower case, without accents and with single spaces; «ø» ends a
word that ended with «ó».
"""

from __future__ import annotations

import re

#: What is done with a customer's matter.
_VERBS = """
resolver solucionar responder contestar atender arreglar corregir reparar terminar acabar
concluir culminar finalizar entregar enviar mandar avisar llamar contactar comunicar
escribir revisar verificar instalar configurar migrar activar habilitar restaurar
restablecer reiniciar levantar subir cambiar reemplazar quedar estar funcionar volver
confirmar completar aplicar actualizar recibir procesar operar normalizar recuperar regresar
devolver regularizar ver dar trabajar empezar comenzar ejecutar realizar ampliar crear
retornar informar notificar probar continuar seguir lograr dejar pasar encender desbloquear
liberar analizar ayudar conectar reinstalar reconstruir reponer sacar quitar limpiar mover
copiar abrir coordinar encargar ocupar asignar tener poner salir hacer venir decir
"""
_DO = _VERBS.split()
_IRREGULAR = {
    "tener": "tendr",
    "poner": "pondr",
    "reponer": "repondr",
    "salir": "saldr",
    "hacer": "har",
    "venir": "vendr",
    "decir": "dir",
}
_FUTURE = "|".join(_IRREGULAR.get(verb, verb) for verb in _DO)
_INFINITIVE = "|".join(_DO)
_NOW = "|".join(verb[:-2] for verb in _DO if verb.endswith("ar"))
_DONE = (
    r"(?:list|resuelt|solucionad|arreglad|terminad|operativ|instalad|corregid|restaurad"
    r"|restablecid|reparad|activ|atendid"
    r"|respondid|recuperad|normalizad|migrad|configurad|finalizad|habilitad|funcionando|arriba"
    r"|en linea|de vuelta)"
)
#: Whoever writes says what they will do: nothing but a refusal takes it back.
OURS = re.compile(
    r"\b(?!quer|extr|supr)\w{2,}[aeid]remos\b|\b(?:vamos|voy) a\b|\b(?:prometo|prometemos"
    r"|garantiz(?:o|amos)|(?:me|nos) comprometemos?)\b"
    r"|\b(?:we|i)(?:'ll| will| shall|'re going to| are going to|'m going to"
    r"| am going to)\b(?! (?:need|have to|require|want|let you know))"
)
#: It is to come, whoever does it.
AHEAD = re.compile(
    rf"\b(?:{_FUTURE})(?:a|an|e|ia|ian|iamos)\b|\b(?:va|van|ira|iran|deberian?|tendrian?"
    rf"|podrian?|debe|deben|espero|esperamos|pensamos|planeamos"
    rf"|contamos con|puedo|podemos|podremos|podre|podria(?:mos)?|quiero|queremos|buscamos"
    rf"|confiamos en|calculo|calculamos|estimamos|estimo"
    rf"|trataremos|tratamos|intentamos|procuramos)(?: a| de"
    rf"| que)?(?: ya)? (?:(?:{_INFINITIVE})(?:l[aeo]s?|se|nos)?\b|quede|este\b)|\b(?:estimamos"
    rf"|calculamos|estimo|calculo|creo|creemos) que\b"
    r"|\bser(?:a|an) \w+(?:ad|id|uelt)[ao]s?\b"
    r"|(?:\bwill\b|'ll\b|\bshall\b|\bgonna\b|\bgoing to\b)(?! (?:need|have to|require|want"
    r"|let you know|only))"
    r"|\b(?:should|ought to|must|can|could|might|may)(?: \w+)? (?:be|have|get|do|finish|fix|see"
    r"|go|come|reply|answer)\b"
    r"|\b(?:hope|hoping|aim|aiming|plan|planning|intend|promise|guarantee|try|trying|due|set"
    r"|scheduled|looking) (?:to|it|for|you|that|a)\b"
    r"|\bexpect(?:ed|ing|s)?\b|\bcuenten? con (?:ello|eso)\b|\bcount on (?:it|that)\b"
)
#: The present of a plan: «mañana se lo instalo», «I fix it tonight».
PLAN = re.compile(
    rf"\bquedan?\b|\b(?:l[aeo]s?|te|se|nos|usted|ya) (?:tienen?|tienes|ten(?:go|emos))\b"
    rf"|\b(?:l[aeo]s?|te|nos) (?:(?:{_NOW})(?:o|a|an)|doy|damos|hago|hacemos|pongo|ponemos"
    rf"|resuelv(?:o|en?)|resolvemos|respond(?:o|e|en|emos)"
    r"|atiend(?:o|en?)|atendemos|veo|vemos|devuelv(?:o|e)|devolvemos|escribo)\b"
    r"|\bse (?:resuelven?|responden?|atienden?|devuelven?)\b"
    r"|\b(?:resuelvo|resolvemos|termino|soluciono|corrijo|ten(?:go|emos) (?:todo|list))"
    r"|\b(?:fix|patch|repair|replacement|solution) (?:lands|ships|arrives|rolls out"
    r"|goes (?:live|in|out))\b"
    r"|\b(?:we|i|they)(?:'re| are|'m| am) (?:\w+ )?\w+ing\b|\b(?:technician|engineer|team"
    r"|colleague|it|he|she)(?:'s| is) (?:being )?\w+(?:ing|ed)\b"
    r"|\b(?:is|are|'s|'re) (?:going|coming|getting|being)\b|\bgets? (?:fixed|done|resolved"
    r"|solved|sorted|replaced|restored|answered)\b|\b(?:we|i) (?:fix|finish|send|call|do|have"
    r"|start|install|restore|reply|answer|get|migrate|replace|move|update|reboot)\b"
)
#: The same for a day that is named, not for today: «el lunes está listo», «el lunes lo cambiamos».
STATE = re.compile(rf"\besta(?:n|mos)? {_DONE}|\bl[aeo]s? (?:{_NOW})amos\b|\bse (?:{_NOW})an?\b")
#: As much a past as a present, or a mere word: «revisamos», «listo», «fixed».
MAYBE = re.compile(
    rf"\b(?:{_NOW})(?:o|amos)\b|\b(?:escrib|sub|abr|correg|segu|sal)imos\b|\b{_DONE}[ao]?s?\b"
    rf"|\b(?:y|ya) tiene\b|\b(?:respuesta|solucion|entrega|novedades|avances?|noticias)\b"
    r"|\b(?:respondemos|atendemos|devolvemos|volvemos|hacemos|ponemos|vuelven?|regresan?"
    r"|vuelvo|ten(?:go|emos))\b"
    r"|\b(?:fixed|done|ready|resolved|solved|back|online|sorted|restored|finished|completed?"
    r"|working|answer|reply|response|update|(?:back|is|be|are) up|up and running)\b|^\W*up\b"
)
#: It is over.
PAST = re.compile(
    r"\b(?:ayer|anteayer|anoche|hace|desde|pasad[ao](?! manana)|fue|fueron|estuvo|estuvieron"
    r"|hubo|tuvo|hizo|era|estaba|habia|quedo|quedaron|ha|han|hemos"
    r"|ya (?:fue|quedo)|\w+(?:aron|ieron|ø)|resolvimos|respondimos|atendimos|hicimos|pusimos"
    r"|tuvimos|dimos)\b"
    r"|\b(?:was|were|had|did|has been|have been|yesterday|ago|last (?:night|week|month|time)"
    r"|since|took|went|came|sent|got|made|kept|held|ran"
    r"|earlier)\b|\b(?:we|i|it|they|he|she|you|server|team|technician)(?:'ve| have"
    r"| has)?(?: already)? (?:\w{2,}ed|found|saw|put|set)\b|\b(?:'ve|have|has) (?:already "
    r"|now )?(?:done|gone|seen|been)\b"
)
#: Things happen by themselves, or run on a schedule of their own.
FACT = re.compile(
    r"\b(?:cada|tod[ao]s l[ao]s|diario|every|each|daily|weekly|always|siempre)\b|\b(?:venc(?:e"
    r"|en|era|eran|io)|expir\w+|caduc\w+|(?:se|auto)? ?renuevan?|renovara|renueva|suspend\w+"
    r"|bloque(?:a|ara|an|aran)"
    r"|elimin(?:a|ara|an)|borr(?:a|ara|an)|cobr(?:a|ara)|factur(?:a|ara)|propag\w+|se ejecutan?"
    r"|corren?|se conservan?|se guardan?|reintent\w+"
    r"|valid[oa]s?|vigentes?|mantenimiento(?:s)? programado|ventana de mantenimiento"
    r"|se desbloquea\w*|se libera\w*|se actualizan? (?:sol|cada)"
    r"|expires?|expiring|lapses?|auto-?renew\w*|renews?|propagat\w+|retr(?:y|ies|ied|ying)|valid"
    r"|is kept|are kept|runs?"
    r"|be (?:suspended|deleted|removed|purged|charged|billed|deactivated|cancelled|rotated)"
    r"|(?:will|'ll) end|ends|stops? working|end of life|maintenance)\b"
)
#: What others do at their own pace.
OTHERS = re.compile(
    r"\b(?:dns|ttl|propag\w+|cache\w*|nameservers?|servidores de nombres|resolvers?|google|gmail"
    r"|outlook|microsoft|apple|registrador|registry"
    r"|registrar|listas? negras?|blacklist\w*|delist\w*|spamhaus|proveedor de correo"
    r"|navegador\w*|browsers?|let's encrypt|indecopi|banco|bank)\b"
)
#: Said of work on the customer's matter, its length is an estimate.
WORK = re.compile(
    r"\b(?:restauracion|reparacion|migracion|cambio|reemplazo|solucion|instalacion|revision"
    r"|respuesta|atencion|tecnico|esto|arreglo|trabajo"
    r"|repair|restore|restoration|migration|fix|replacement|reply|answer|technician|work|this)\b"
)
#: The customer is asked, advised or told to do something.
ORDER = re.compile(
    r"\b(?:espere|pruebe|intente|reintente|reinicie|vuelva|verifique|revise|compruebe"
    r"|confirme(?:nos)?|avise(?:nos)?|escriba(?:nos)?|responda(?:nos)?"
    r"|envie(?:nos)?|mande(?:nos)?|adjunte|cambie|renueve|pague|actualice|entre(?! \d)|ingrese"
    r"|borre|limpie|cierre(?! (?:del|la oficina|la tienda|el local|el negocio)\b)"
    r"|abra(?! (?:la oficina|la tienda|el local|el negocio)\b)"
    r"|haga|use|copie|llame(?:nos)?"
    r"|deje|tenga|programe|desconecte|apague|encienda|instale|configure|por favor|favor de"
    r"|tienen? que|necesit\w+|requ(?:iere|erimos)\w*|recomend\w+"
    r"|suger\w+|sugier\w+|conviene|pedimos|pide|pidio|solicit\w+|asegurese|procure|evite"
    r"|recuerde|debe(?:n|ria|rian)?(?! (?:estar|quedar|tener)))\b"
    r"|\bplease\b|\byou(?:'ll| will)? (?:need|must|should(?! (?:have|get|hear|see|be))"
    r"|can(?! expect| count)|may|could|have to|want|asked|said|wrote|might)\b|\b(?:we|i)(?:'d"
    r"| would)? (?:recommend|suggest|advise|need)\b"
    r"|\b(?:make sure|remember to|don't forget|let us know|needs? to be|must be|has to be"
    r"|have to be)\b"
    r"|^(?:then |and |now |just |simply )?(?:try|wait|check|restart|reboot|reply|send|change"
    r"|renew|clear|upload|test|log|open|run|come|write|call)\b"
)
#: It is said that nobody says when.
DENIED = re.compile(
    r"\b(?:no|nunca|ni|tampoco|jamas|nadie)(?: (?:l[aeo]s?|se|nos|me|te)){0,2} (?:pued\w+"
    r"|podemos|podr\w+|es posible|estim\w+|prome\w+|garanti\w+"
    r"|asegur\w+|da(?:mos|n)?|doy|dar|ten(?:emos|go|er)|tiene|hay|sab\w+|se (?:si|cuando|cuanto"
    r"|a que)\b|manej\w+|existe|ofrec\w+|comprom\w+|calcul\w+|indic\w+|public\w+"
    r"|significa|quiere decir|hable\w*|es (?:un|una)|trabajamos con)|\bsin (?:eta|plazo|fecha"
    r"|hora|tiempo|prometer|estimar|un)\b"
    r"|\b(?:cannot|can not|can't|couldn't|do not|don't(?! worry)|does not|doesn't|did not|didn't"
    r"|never|unable|not able|nobody|no one|no eta|no etas"
    r"|no estimate\w*|no promises?|won't (?:be able|give|promise|know|estimate)|not (?:possible"
    r"|estimat\w+|promis\w+|going|an?)|without an?|isn't"
    r"|there(?:'s| is) no)\b"
)
#: A clause with a verb of its own says all that it says.
STANDS_ALONE = re.compile(r"\b(?:es|son|hay|is|are|there's|it's)\b")
CONDITION = re.compile(
    r"\b(?:si|cuando|mientras|siempre que|hasta que|salvo que|a menos que|if|when(?:ever)?"
    r"|unless|once|whether|in case|until (?:we|you|the))\b"
)
