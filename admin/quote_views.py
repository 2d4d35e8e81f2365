"""What an administrator sets for quotes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_administer
from admin.quote_forms import QuoteTermsForm
from core import clock
from quotes import terms

blueprint = Blueprint("quote_terms", __name__, url_prefix="/admin/ajustes/cotizaciones")


@blueprint.get("")
@requires(may_administer)
def edit() -> str:
    """The terms as they are."""
    return render_template("admin/quote_terms.html", form=QuoteTermsForm.of(terms.load()))


@blueprint.post("")
@requires(may_administer)
def change() -> ResponseReturnValue:
    """Store them: for new drafts and versions."""
    form = QuoteTermsForm()
    if not form.validate():
        return render_template("admin/quote_terms.html", form=form), 422
    terms.change(form.terms(), actor_id=signed_in_actor().person_id, now=clock.now())
    flash(_("Los ajustes quedaron guardados. Lo enviado no cambia."), "success")
    return redirect(url_for("quote_terms.edit"), 303)
