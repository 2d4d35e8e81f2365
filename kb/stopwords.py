"""Words that do not help to find an article, folded (lower case, no accents).

Short on purpose: «no» and «sin» stay out, since «no llega» and «llega» are different problems.
"""

from __future__ import annotations


def words_of_text(text: str) -> frozenset[str]:
    """The words of a text between spaces."""
    return frozenset(text.split())


STOP_WORDS = {
    "es": words_of_text(
        """
        a al ante aquel aquella aquello asi aun aunque cada como con cual cuales cuando cuanto de
        del desde donde e el ella ellas ellos en entonces entre era eran es esa esas ese eso esos
        esta estaba estan estar estas este esto estos estoy fue fueron ha haber habia hace hacer
        hago han has hasta hay haya he hemos la las le les lo los mas me mi mientras mis mucho muy
        ni nos nosotros nuestra nuestro o os otra otro para pero por porque pues que quien se sea
        segun ser si sido siendo sobre solo son soy su sus tal tambien tan tanto te tenemos tengo
        tiene tienen toda todas todo todos tu tus u un una unas uno unos usted ustedes va vamos
        van voy y ya yo
        """
    ),
    "en": words_of_text(
        """
        a about am an and any are as at be been but by can could did do does for from get had has
        have how i if in into is it its me my of on or our s should so t than that the their them
        then there these they this to us was we were what when where which who why will with would
        you your
        """
    ),
}

#: Courtesies and fillers of a letter. Only for ticket texts: frequent there and rare in articles,
#: they would look like the words that say most.
COURTESY = words_of_text(
    """
    agradeceria agradezco ahora alguien algun alguna alguno anoche apoyar apoyo atencion
    atentamente atento ayer ayuda ayudar ayudarme ayudeme ayudenme buen buena buenas bueno
    buenos casi claro consulta consultar cordial cordialmente cosa creo dear decir deseo dia
    dias dice dicen digo disculpe disculpen domingo empresa estimada estimado estimados
    explicar favor gracias hello help hi hola hora horas hoy intente intento jueves luego
    lunes manana martes mes meses miercoles momento necesitamos necesito noche noches nose
    please podemos podria podrian porfa porfavor pronto puede pueden puedo queremos queria
    quiero quisiera rato regards sabado saber saludo saludos semana semanas senor senores
    senorita siempre siguiente sir solicito tarde tardes tema thank thanks todavia today
    tomorrow trabajo urgencia urgente veces ver vez viernes yesterday yo
    """
)

#: Words by which people tell a story; courtesies are among them. Passed over where articles are
#: looked for, and kept where tickets are compared: two stories alike are one matter.
STORY = words_of_text(
    """
    abajo aca acaba acabamos acabo acaso acuerdo adelante ademas afuera agradecere agradeceria
    agradecido agradezco ahi ahora alguien algun alguna algunas alguno algunos alla alli anoche
    anteriormente antes apenas apoyar apoyarme apoyo aqui atencion atentamente atento ayer ayuda
    ayudar ayudarme ayudarnos ayudeme ayudenme bastante bien buen buena buenas bueno buenos casi
    caso cierto claro colaboracion comento comunico conmigo consulta consultar consultarles
    continuacion cordial cordialmente cosa cosas creia creo cuales cualquier cuanta cuantas
    cuantos dado dar darle darme dear decia decir dejo demas demasiado dentro deseamos deseo
    despues di dia dias dice dicen dicho digo dijeron dijo dio disculpa disculpe disculpen
    domingo doy efectivamente embargo empresa encima enero esperamos espero estimada estimadas
    estimado estimados etc exactamente explicar explico favor febrero finalmente generalmente
    gente gracias gustaria hacerlo hacia haciendo haga hago hello help hi hice hicimos hizo hola
    hora horas hoy iba igual incluso informo intentamos intente intento ir ires jamas jueves
    julio junio justo lado lejos llamo lograr luego lunes mal manana manera martes marzo mayo
    mayoria mejor menos mes meses miedo miercoles mil minuto minutos mio momento nada nadie
    necesitamos necesito ningun ninguna ninguno noche noches normalmente nose noviembre nunca
    obviamente octubre ojala parece parecer pasa pasada pasado pasando paso peor pienso please
    poco pocos podemos poder podria podrian porfa porfavor posible posiblemente prefiero primera
    primero probablemente pronto pude pudo puede pueden puedo pues puse puso queda quedo
    queremos queria quiere quieren quiero quise quisiera quisieramos rara raro rato ratos razon
    realmente regards rogamos rogar ruego sabado saben saber sabes sabia saludo saludos se
    segundos segura seguro semana semanas senor senores senorita septiembre seria siempre siento
    siguiente siguientes siquiera sir sirve solamente solicitamos solicito solo sucede sucedio
    suele supuestamente tal tambien tampoco tanta tantas tantos tarde tardes tema tener tengan
    tenia tenian tenido thank thanks todavia today tomorrow toque trabajo trate trato tres tuve
    tuvo ultima ultimamente ultimo urgencia urgente usted ustedes varias varios vea vean veces
    vemos veo ver vez vi viendo viene viernes vimos visto vuelve yesterday yo
    """
)
