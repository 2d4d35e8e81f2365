"""How people say when something will be done, in Spanish and in English (R4). Pure.

Patterns are read over text in lower case, without accents and with single spaces. Every repeat
is bounded, so that looking through a text costs as much as it is long.
"""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d{1,4}(?:[.,/]\d{1,2})?|un[ao]?s?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once"
    r"|doce|trece|catorce|quince|dieci\w{4,6}|veint\w{1,8}|treinta|cuarenta|cincuenta|sesenta"
    r"|noventa|setenta|ochenta|medi[ao]|poc[ao]s|alg[u]n[ao]s|varias|varios|(?:un )?par de"
    r"|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|sixty|ninety|half(?: an?)?|(?:a )?few|(?:a )?couple(?: of)?|several|some"
    r"|another)"
)
_SOFT = (
    r"(?:(?:unos|unas|aproximadamente|aprox\.?|cerca de|casi|menos de|no mas de|mas o menos|mas de"
    r"|alrededor de|cosa de|cuestion de|(?:como )?maximo|a lo mas|a lo mucho|tan solo|solo|hasta"
    r"|entre|(?:un|el) plazo (?:maximo )?de|l[ao]s proxim[ao]s|l[ao]s siguientes"
    r"|about|around|roughly|approximately|approx\.?|less than|under|no more than|at most|at least"
    r"|maybe|just|only|up to|between|perhaps|the next|the coming|the following|(?:a )?matter of"
    r"|like|say|some|another|como|between|probably|estimated) ?){0,3}"
)
_LONG_UNIT = (
    r"(?:min(?:ut(?:o|e|ito))?s?|h(?:or(?:a|ita)|(?:ou)?r)?s?|(?:business |working |calendar )?"
    r"(?:dia|day|hour)s?|seman(?:a|ita)s?|weeks?|mes(?:es)?|months?|m)\b(?: habiles| laborables"
    r"| y media| y cuarto| and a half)?\.?"
)
_COUNT = rf"{_NUMBER}(?: ?(?:-|–|a|o|u|y|to|or|and) ?{_NUMBER})?[ -]?"
_AMOUNT = rf"{_SOFT}(?:{_COUNT}|(?<=s )|(?<=de )|(?<=of )|(?<=next )|(?<=coming )){_LONG_UNIT}"
_DAY_ES = r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
_DAY_EN = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat)(?= (?:morning|at|by))"
)
_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|setiembre|septiembre|octubre|noviembre"
    r"|diciembre|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)"
)
_CLOCK = (
    rf"(?:\d{{1,2}}(?:[:.]\d\d)?|un[ao]|{_NUMBER})(?: y (?:media|cuarto))?"
    r" ?(?:[ap]\.? ?m\b\.?|h\b|hrs?\b|horas\b)?"
)
_AT_EN = (
    r"(?:\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.? ?m\b\.?|hrs?\b|h\b|o'clock\b)|\d{1,2}:\d\d|noon|midday"
    r"|midnight|lunch(?:time)?\b|\d{1,2}(?= ?(?:$|[,.;)]|at|on|and|today|tomorrow|local|lima)))"
)
#: A moment that lies ahead whatever the verb says.
_AHEAD_ES = (
    rf"(?:pasado )?(?<!\bla )(?<!esta )(?<!\bde )(?<!por )(?<!cada )(?<!hasta )(?<!desde )manana\b"
    rf"(?: (?:a primera hora|por la (?:manana|tarde|noche)|temprano|sin falta|a las {_CLOCK}))?"
    rf"|hoy (?:dia |mas )?(?:mas tarde|en la noche|por la noche)|esta noche"
    rf"|esta misma (?:tarde|noche)|a partir de (?:hoy|manana)"
    rf"|mas tarde(?:cito)?\b"
    rf"|a primera hora|a ultima hora|al (?:final|cierre|termin(?:o|ar))"
    rf" (?:(?:del|el) dia|(?:de )?la jornada)"
    rf"|al rato|al toque"
    rf"|(?:el |este )?(?:proximo {_DAY_ES}|{_DAY_ES} (?:proximo|que viene|entrante))"
    rf"|(?:la |el |esta )?(?:proxim[ao] (?:semana|mes)|(?:semana|mes) (?:que viene|entrante"
    rf"|proxim[ao]))"
)
#: A moment that may as well lie behind: the verb must speak of what is to come.
_EITHER_ES = (
    rf"(?:el |este |el dia )(?:mismo )?{_DAY_ES}|a las? {_CLOCK}(?: de la (?:tarde|noche|manana))?"
    rf"|el \d{{1,2}}(?: de {_MONTH}|[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?\b)"
    rf"|(?:en|durante|por) (?:la|el|esta) (?:tarde|noche|madrugada|dia)\b"
    rf"|por la manana|esta (?:misma )?(?:tarde|manana|semana)|este fin de semana"
    rf"|(?<!de )(?<!hasta )"
    rf"(?<!desde )hoy\b(?: en la tarde| por la tarde| dia)?|al mediodia|a mediodia|ahorit(?:a|ita)"
    rf"|(?:ahora|ya) mismo|al instante|de inmediato|inmediatamente|rapid(?:amente|ito)"
    rf"|en cualquier momento"
)
_EDGE_ES = (
    rf"(?:{_AHEAD_ES}|(?:el |este |esta |la )?(?:proxim[ao] )?(?:{_DAY_ES}|manana|pasado manana"
    rf"|hoy|mediodia"
    rf"|medianoche|fin de (?:semana|mes|ano)|fin(?:al)? (?:del dia|de la jornada)"
    rf"|cierre(?: del dia)?"
    rf"|almuerzo|desayuno|cena|tarde|noche"
    rf"|madrugada"
    rf"|semana)\b|las? {_CLOCK}|{_COUNT}{_LONG_UNIT}|el (?:dia )?\d{{1,2}}(?: de {_MONTH})?\b"
    rf"|(?:de )?(?:que )?(?:termin|acab)[ea]r? (?:el dia|la (?:tarde|semana|noche|jornada))"
    rf"|que (?:cerremos|abramos|(?:cierre|abra) (?:la (?:oficina|tienda)|el (?:local|negocio))))"
)
_AHEAD_EN = (
    r"tomorrow(?: (?:morning|afternoon|evening|night|first thing))?|tonight"
    r"|later(?: on)?(?: today| tonight| this week)?\b"
    r"|(?:by |at )?(?:the )?end of (?:the |my )?(?:day|week|shift)|e\.?o\.?d\b|first thing"
    rf"|next (?:week|month|{_DAY_EN})|(?:on |this )?coming {_DAY_EN}"
)
_EITHER_EN = (
    rf"today\b|this (?:morning|afternoon|evening|week(?:end)?)|(?:on "
    rf"|this )?(?:{_DAY_EN})\b(?: morning| afternoon| evening| night)?"
    rf"|(?:at|around|about) (?:around |about )?{_AT_EN}|overnight|quickly|immediately|(?:over"
    rf"|during|on|at) the weekend|in the (?:morning|afternoon|evening)"
    rf"|on (?:{_MONTH} \d{{1,2}}|the \d{{1,2}}(?:st|nd|rd|th))"
)
_EDGE_EN = (
    rf"(?:{_AHEAD_EN}|{_EITHER_EN}|{_AT_EN}|(?:the )?(?:end|close) of (?:the )?(?:day|week|month"
    rf"|business|shift|today)|cob\b|now\b"
    rf"|the (?:weekend|morning|evening|afternoon)|{_MONTH} \d{{1,2}}|(?:the )?\d{{1,2}}(?:st|nd"
    rf"|rd|th)\b)"
)
_SOON_ES = (
    r"en breves?\b|en la brevedad|a la (?:mayor |maxima )?brevedad(?: posible)?"
    r"|lo mas? ?(?:antes|pronto|rapido) posible"
    r"|lo antes posible|(?:en )?cuanto antes|(?<!tan )(?<!de )\bpronto\b(?! como)|(?:dentro de"
    r"|en) (?:muy )?poco(?: tiempo)?"
    r"|en ?seguid(?:a|ita)\b|en (?:un|unos|algunos|pocos|solo un) (?:breve )?(?:rat(?:o|ito)s?"
    r"|moment(?:o|ito)s?|instantes?|segundos?|toque)"
    r"|en un (?:dos por tres|santiamen|tris|abrir y cerrar de ojos|periquete)\b"
    r"|(?:de )?(?:aca|aqui) a poco\b"
    r"|(?:dentro de|(?:de )?(?:aca|aqui) a) (?:un|unos) (?:rat(?:o|ito)s?|momentos?|instantes?)"
    r"|(?:hoy|manana) mismo|(?:hoy|manana) sin falta|proximamente|en nada\b"
)
_SOON_EN = (
    r"shortly\b(?! (?:after|before))|(?<!as )(?<!too )(?<!how )(?<!as-)\bsoon(?:est)?\b(?! (?:as"
    r"|after))|a\.?s\.?a\.?p\b"
    r"|as soon as (?:possible|humanly possible|(?:we|i) (?:possibly )?can)\b|any (?:minute"
    r"|moment|second|time) now|before long"
    r"|in (?:just )?(?:a|no) (?:bit|moment|jiffy|(?:little |short )?while|sec(?:ond)?|few|time"
    r"|flash)\b(?! minutes| hours| days)"
    r"|momentarily|right away|straight away|before you know it|at (?:the"
    r"|our) earliest\b(?: convenience)?"
)
_TAKE_ES = (
    r"(?:(?:tardar|demorar)(?:a|an|e|emos|ia|iamos)?|(?:me|nos|le) (?:tomar?a?|llevar?a?)|"
    r"tomar(?:a|emos|ia)|llevar(?:a|emos|ia)|tarda(?:mos)?|demora(?:mos)?)"
)
_TAKE_EN = (
    r"(?:(?:will|'ll|would|should|may|might|could|can|won't|shouldn't|going to|probably"
    r"|expected to)(?: \w+)? take|takes|"
    r"(?:we|i|he|she|they)(?:'ll| will)? need)"
)
#: «Le tomará a mi colega una hora»: the customer's own time is theirs to know.
_TAKE_WHOM = (
    r"(?:tomar|llevar|tardar|demorar)(?:a|ia) al? (?!usted)"
    r"(?:(?:mi|su|l[ao]s?|un[ao]?|nuestr[ao]) )?"
    r"\w{2,20}"
)
_MATTER_OF = (
    r"(?:es(?: solo)? (?:cuestion|cosa)"
    r"|(?:it'?s|is)(?: just| only)? a (?:matter|question)) (?:de|of)"
)
_WHILE = r"(?:un|unos|a) (?:(?:rat|moment)(?:o|ito)s?|instantes?|while|moment)\b"
_SURE = (
    rf"(?<!hacen )(?<!hace )\bfaltan? (?:solo |apenas )?{_AMOUNT}"
    r"(?! de\b| para (?:que (?:venz|expir|caduq|renuev)|(?:el|la|su) (?:venc|expir|renov|campan)))|"
    rf"\be\.?t\.?a\.?s?\b|\bsla\b[\w :]{{0,24}}? {_COUNT}{_LONG_UNIT}"
    r"|tiempo (?:estimado|aproximado)|tiempo de (?:respuesta|solucion|resolucion|atencion"
    r"|reparacion|entrega)"
    rf"(?: \w+){{0,3}}:? {_AMOUNT}|(?:hora|fecha|plazo) (?:estimad[oa]|aproximad[oa]|tentativ[oa])"
    r"|estimated (?:time|resolution|repair|completion|fix|arrival)(?: time)?|(?:expected"
    r"|target) (?:resolution|completion|fix)(?: time| date)?"
    rf"|(?:resolution|response|repair|turnaround)(?: time)?(?: is| of|:) {_AMOUNT}"
    rf"|(?:(?:d[ea]me|de?[ea]nos|aguant[ea](?:me|nos)|esper[ea](?:me|nos)|(?:me|nos) da"
    rf"|regal[ae]me|concedanos) {_AMOUNT})"
    rf"|(?:give (?:me|us)|allow(?: me| us)?|bear with (?:me|us)(?: for)?"
    rf"|hang on(?: for)?) {_AMOUNT}"
    rf"|\bi(?:'d say| guess| reckon| would say) {_AMOUNT}"
    rf"|i(?:'d say| guess| reckon| would say) {_AMOUNT}"
    r"|(?:give|allow) (?:me|us) (?:until|till)\b|(?:d[ea]me|de?[ea]nos) hasta\b"
    r"|(?:no|ni) (?:(?:nos|me|le|va a|vamos a|deberia) ?){0,2}(?:tard|demor|tom)ar?(?:a|an|e"
    r"|emos|mos)? (?:mucho|nada|casi nada)"
    r"|(?:won't|will not|shouldn't|should not|not going to) (?:be|take) (?:\w+ )?long(?!er)"
    r"|not long now|won't be a minute"
    rf"|(?:calcul[ao]|calculamos|estim[ao]|estimamos|serian?|faltarian?) (?:que )?{_AMOUNT}"
    rf"|{_AMOUNT} (?:and|y) (?:it'?s|ya|queda|esta|listo|we're|you're|lo tiene|done|back)\b"
    rf"|espere (?:(?:nuestr[ao]|un[ao]?|la|el|su) ){{0,1}}(?:respuesta|llamada|solucion"
    rf"|confirmacion|noticias) [\w ]{{0,30}}"
    rf"|(?<!en los )(?<!en las )(?<!de )\b{_COUNT}{_LONG_UNIT} (?:mas|more)\b(?= y\b| and\b"
    rf"| hasta| until)"
    rf"|\banother (?:{_NUMBER} ?)?{_LONG_UNIT}(?= and\b| until| before| or so)"
)
#: The expressions of time. The name of the group says how much it needs around it.
TIMES = re.compile(
    r"\b(?=\w)(?:"
    rf"(?P<take>\b(?:{_TAKE_ES}|{_TAKE_EN})(?: (?:us|me|him|them|a lo mas|como maximo|todavia"
    rf"|aun|otras?|otros))?"
    rf" {_AMOUNT}|{_TAKE_WHOM} {_AMOUNT}|{_MATTER_OF} (?:{_AMOUNT}|{_WHILE}))"
    rf"|(?P<sure>{_SURE})"
    rf"|(?P<soon>\b(?:{_SOON_ES}|{_SOON_EN}))"
    rf"|(?P<span>\b(?:en|dentro de|(?:de )?(?:aca|aqui) a|maximo|a lo mucho|a lo mas"
    rf"|not more than|at most|tops) (?!l[ao]s ultim){_AMOUNT}"
    rf"|\ben (?:el|lo que (?:queda|resta)) ?(?:(?:trans)?curso )?(?:del|de la|de esta"
    rf"|de hoy) ?(?:dia|tarde|noche|manana|semana)?"
    rf"|{_AMOUNT},? (?:tops|max(?:imo)?|at (?:the )?most|como (?:mucho|maximo)"
    rf"|a lo (?:mucho|mas|sumo))\b"
    rf"|\b(?:in|within|inside(?: of)?) (?!the last|the past){_AMOUNT}(?:'s? time)?"
    r"|\b(?:en|in) \d{1,2}(?= ?(?:$|[.,;!]))"
    rf"|\bwithin the (?:hour|day|week)\b|\bwithin an hour\b"
    rf"|\b(?:antes del?|a mas tardar|para|no mas tarde del?|no despues del?"
    rf") (?:para )?(?:el dia )?{_EDGE_ES}"
    rf"|{_EDGE_ES} a mas tardar"
    rf"|\b(?:by|before|no later than|not later than|until) (?:the )?{_EDGE_EN})"
    rf"|(?P<ahead>\b(?:{_AHEAD_ES}|{_AHEAD_EN}))"
    rf"|(?P<either>\b(?:{_EITHER_ES}|{_EITHER_EN})))"
)
#: What the present of a habit begins with: «la copia tarda 2 horas».
TAKES_NOW = re.compile(r"(?:tarda|demora|toma|lleva)(?:mos)?\b|takes\b")
#: What may take so long, takes it whoever waits: «puede tardar 24 horas: depende del TTL».
TAKES_MAYBE = re.compile(r"(?:tardar|demorar)\b|(?:may|might|can|could)\b")
#: Of today, the present says what is or was: «hoy está listo».
THIS_DAY = re.compile(r"hoy|ahor|esta |ya |al ins|de inm|inmed|rapid|en cual|por |durante ")
