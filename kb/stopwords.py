"""Words that do not help to find an article, folded (lower case, no accents).

Short on purpose: «no» and «sin» stay out, since «no llega» and «llega» are different problems.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = {
    "es": _words(
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
    "en": _words(
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
COURTESY = _words(
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
