"""Gmail, Yahoo, Outlook on the web, Zimbra, Roundcube, Proton: what browsers and phones send."""
# ruff: noqa: E501

from __future__ import annotations

from tests.tickets.inbound.messages import Case, both, mail

_OUR_TEXT = """> --- Escriba su respuesta por encima de esta línea ---
>
> Hola, Ana Quispe:
>
> ¿Desde qué hora no llegan?
>
> -- 
> NetSolution · Centro de soporte
"""
# ruff: noqa: E501
_GMAIL_HTML = (
    '<div dir="ltr">{words}</div><br><div class="gmail_quote gmail_quote_container">'
    '<div dir="ltr" class="gmail_attr">{said}<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">'
    "--- Escriba su respuesta por encima de esta línea ---<br>Hola, Ana Quispe:"
    "<br>¿Desde qué hora no llegan?</blockquote></div>"
)
_GMAIL_ES = (
    "El vie, 27 nov 2026 a las 10:03, Centro de soporte (<soporte@netsolution.example>) escribió:"
)
_GMAIL_EN = (
    "On Fri, Nov 27, 2026 at 10:03 AM Centro de soporte <soporte@netsolution.example> wrote:"
)
_WORDS = "Desde las 9 de la mañana.\n\nTambién falla el de ventas."

CASES = (
    Case(
        "gmail-web-es",
        both(
            f"{_WORDS}\n\nEl vie, 27 nov 2026 a las 10:03, Centro de soporte\n"
            f"(<soporte@netsolution.example>) escribió:\n\n{_OUR_TEXT}",
            _GMAIL_HTML.format(words=_WORDS, said=_GMAIL_ES),
        ),
        _WORDS,
    ),
    Case(
        "gmail-web-en",
        both(f"Since nine.\n\n{_GMAIL_EN}\n\n{_OUR_TEXT}", "<p>Since nine.</p>"),
        "Since nine.",
    ),
    Case(
        "gmail-older-es",
        mail(
            "Ya probé y sigue igual.\n\nEl 27 de noviembre de 2026, 10:03, Centro de soporte <\n"
            f"soporte@netsolution.example> escribió:\n\n{_OUR_TEXT}"
        ),
        "Ya probé y sigue igual.",
    ),
    Case(
        "gmail-android-html-only",
        mail(
            _GMAIL_HTML.format(words="Sí, <b>todas</b> las cuentas.<br>Gracias", said=_GMAIL_ES),
            kind='text/html; charset="UTF-8"',
        ),
        "Sí, todas las cuentas.\nGracias",
    ),
    Case(
        "gmail-a-la-s",
        mail(
            f"Listo.\n\nEl vie., 27 de nov. de 2026 a la(s) 10:03 a. m., Centro de soporte "
            f"(soporte@netsolution.example) escribió:\n\n{_OUR_TEXT}"
        ),
        "Listo.",
    ),
    Case(
        "gmail-inline",
        mail(
            "Respondo entre líneas.\n\n" + _GMAIL_ES + "\n\n> ¿Desde qué hora no llegan?\n\n"
            "Desde las 9.\n\n> ¿A qué cuentas?\n\nA todas.\n\n> -- \n> NetSolution\n"
        ),
        "Respondo entre líneas.\n\n> ¿Desde qué hora no llegan?\n\nDesde las 9.\n\n"
        "> ¿A qué cuentas?\n\nA todas.",
    ),
    Case(
        "gmail-bottom",
        mail(f"{_GMAIL_ES}\n\n{_OUR_TEXT}\nLes respondo aquí abajo.\n"),
        "Les respondo aquí abajo.",
    ),
    Case(
        "gmail-html-inline",
        mail(
            '<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">'
            + _GMAIL_ES
            + "</div>"
            '<blockquote class="gmail_quote">¿Desde qué hora?</blockquote><div>Desde las 9.</div>'
            '<blockquote class="gmail_quote">¿A qué cuentas?</blockquote><div>A todas.</div></div></div>',
            kind="text/html; charset=UTF-8",
        ),
        "> ¿Desde qué hora?\n\nDesde las 9.\n\n> ¿A qué cuentas?\n\nA todas.",
    ),
    Case(
        "gmail-signature",
        mail(f"De acuerdo.\n\n-- \nAna Quispe\nTextiles Andina\n\n{_GMAIL_ES}\n\n{_OUR_TEXT}"),
        "De acuerdo.",
    ),
    Case(
        "outlook-web-es",
        both(
            "Desde las 9.\n________________________________\nDe: Centro de soporte <soporte@"
            "netsolution.example>\nEnviado: viernes, 27 de noviembre de 2026 10:03\n"
            "Para: Ana Quispe <ana@andina.example>\nAsunto: [Ticket 1] Hay una respuesta\n\n"
            "Hola, Ana Quispe:\n\n¿Desde qué hora?\n",
            "<div>Desde las 9.</div><div id='appendonsend'></div><hr>"
            "<div id='divRplyFwdMsg'>De: x</div>",
        ),
        "Desde las 9.",
    ),
    Case(
        "outlook-web-html-only",
        mail(
            '<html><body dir="ltr"><div class="elementToProof">Desde las 9.</div>'
            '<div class="elementToProof"><br></div><div id="appendonsend"></div><hr>'
            '<div id="divRplyFwdMsg" dir="ltr"><font><b>De:</b> Centro de soporte<br>'
            "<b>Enviado:</b> viernes<br><b>Para:</b> Ana<br><b>Asunto:</b> Ticket</font></div>"
            "<div>Hola, Ana Quispe: ¿desde qué hora?</div></body></html>",
            kind="text/html; charset=UTF-8",
        ),
        "Desde las 9.",
    ),
    Case(
        "outlook-mobile-android-es",
        mail(
            "Ya funciona, gracias.\n\nObtener Outlook para Android<https://aka.ms/AAb9ysg>\n"
            "________________________________\nFrom: Centro de soporte <soporte@netsolution.example>\n"
            "Sent: Friday, November 27, 2026 10:03:00 AM\nTo: Ana Quispe <ana@andina.example>\n"
            "Subject: [Ticket 1] Hay una respuesta\n\nHola, Ana Quispe:\n"
        ),
        "Ya funciona, gracias.",
    ),
    Case(
        "outlook-mobile-ios-en",
        mail(
            "Works now.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n"
            "________________________________\nFrom: Support <soporte@netsolution.example>\n"
            "Sent: Friday, November 27, 2026 10:03 AM\nTo: Ana <ana@andina.example>\n"
            "Subject: Re: Ticket\n\nHello\n"
        ),
        "Works now.",
    ),
    Case(
        "yahoo-es",
        mail(
            "No, sigue igual.\n\n    El viernes, 27 de noviembre de 2026, 10:03:11 GMT-5, Centro de"
            " soporte <soporte@netsolution.example> escribió:\n \n Hola, Ana Quispe:\n"
            " ¿Desde qué hora?\n"
        ),
        "No, sigue igual.",
    ),
    Case(
        "yahoo-html",
        mail(
            '<div class="ydp1yahoo-style-wrap">No, sigue igual.<br></div><div id="ydp2yahoo_quoted_1"'
            ' class="yahoo_quoted"><div>El viernes, X escribió:</div><div>Hola</div></div>',
            kind="text/html; charset=UTF-8",
        ),
        "No, sigue igual.",
    ),
    Case(
        "yahoo-mobile",
        mail(
            f"Sí.\n\nEnviado desde Yahoo Mail para iPhone\n\n{_GMAIL_ES}\n\n{_OUR_TEXT}",
        ),
        "Sí.",
    ),
    Case(
        "zimbra",
        mail(
            'Reinicié el equipo.\n\n----- Mensaje original -----\nDe: "Centro de soporte" '
            '<soporte@netsolution.example>\nPara: "Ana" <ana@andina.example>\n'
            "Enviados: Viernes, 27 de Noviembre 2026 10:03:00\nAsunto: [Ticket 1]\n\nHola\n"
        ),
        "Reinicié el equipo.",
    ),
    Case(
        "zimbra-html",
        mail(
            '<div>Reinicié el equipo.</div><div><br></div><hr id="zwchr" data-marker="__DIVIDER__">'
            '<div data-marker="__HEADERS__"><b>De: </b>x</div><div data-marker="__QUOTED_TEXT__">'
            "Hola</div>",
            kind="text/html; charset=UTF-8",
        ),
        "Reinicié el equipo.",
    ),
    Case(
        "roundcube",
        mail(f"El 2026-11-27 10:03, Centro de soporte escribió:\n{_OUR_TEXT}\nAbajo va lo mío.\n"),
        "Abajo va lo mío.",
    ),
    Case(
        "proton",
        mail(
            '<div>Todo bien.</div><div class="protonmail_signature_block"></div>'
            '<div class="protonmail_quote">El viernes, 27, X escribió:<blockquote>Hola</blockquote></div>',
            kind="text/html; charset=utf-8",
        ),
        "Todo bien.",
    ),
    Case(
        "marker-without-quotes",
        mail(
            "Desde las 9.\n\nCentro de soporte <soporte@netsolution.example>\n"
            "--- Escriba su respuesta por encima de esta línea ---\nHola, Ana:\n¿Desde qué hora?\n"
        ),
        "Desde las 9.\n\nCentro de soporte <soporte@netsolution.example>",
    ),
    Case("no-quote", mail("Sólo esto.\n"), "Sólo esto.", cut=False),
)
