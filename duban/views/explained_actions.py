"""What a rule wants, in words: who is told how, what is proposed or opened, what is done to the item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from duban.views.phrases import Voice
from duban.views.spoken_time import say_length
from rules.cel import Condition
from rules.language import Actions, Document, Opening, Tell
from rules.shape import Scalar

EXPRESSION = "="


@dataclass(frozen=True, eq=False)
class Wish:
    """One set of actions. `about`: the workflows of the items that the rule is about."""

    voice: Voice
    actions: Actions
    about: tuple[str, ...]
    expressions: Mapping[str, Condition]
    require: Condition | None = None

    def told(self) -> Iterator[str]:
        """Who is told, and how."""
        voice, actions = self.voice, self.actions
        if actions.notify:
            roles = voice.roles(actions.notify)
            yield voice.pick(f"正式告知{roles}", f"formally notify {roles}")
        if actions.remind:
            roles = voice.roles(actions.remind)
            yield voice.pick(f"提醒{roles}", f"remind {roles}")
        if actions.template is not None:
            template = voice.template(actions.template)
            yield voice.pick(f"用文本{template}", f"with the text {template}")
        yield from map(self._tell, actions.tell)

    def done(self) -> Iterator[str]:
        """What else."""
        actions = self.actions
        if actions.light is not None:
            yield self._light()
        for each in actions.propose:
            yield self._opening(each, "拟议一件", "，由人决定", "propose one", " for a person to decide")
        for each in actions.open:
            yield self._opening(each, "立项", "", "open one", "")
        if actions.with_ and not (actions.propose or actions.open):
            yield self.values(actions.with_, ())
        if actions.set:
            yield self.values(actions.set, self.about, "把{}定为{}", "set {} to {}")
        yield from self._moved()
        if actions.document is not None:
            yield self._document(actions.document)

    def required(self) -> Iterator[str]:
        voice, actions = self.voice, self.actions
        if actions.require is not None:
            said = voice.condition(self.require)
            yield voice.pick(f"必须{said}", f"it is required that {said}")
        if actions.otherwise is not None:
            said = voice.quote(voice.blank(actions.otherwise))
            yield voice.pick(f"否则不准，答复：{said}", f"otherwise it is refused: {said}")

    def all(self) -> str:
        return "；".join(self.parts()) if self.voice.language == "zh" else "; ".join(self.parts())

    def parts(self) -> Iterator[str]:
        told = self.voice.join(self.told())
        yield from (told,) if told else ()
        yield from self.done()
        required = self.voice.join(self.required())
        yield from (required,) if required else ()

    # ------------------------------------------------------------ one by one

    def _light(self) -> str:
        light = self.actions.light or "none"
        if light == "none":
            return self.voice.pick("熄灯", "put the light out")
        said = self.voice.light(light)
        return self.voice.pick(f"亮{said}灯", f"show the {said} light")

    def _opening(self, opening: Opening, zh: str, zh_end: str, en: str, en_end: str) -> str:
        voice = self.voice
        workflow = voice.workflow(opening.workflow)
        more = voice.join(self._of_opening(opening))
        return voice.pick(f"{zh}{workflow}{zh_end}（{more}）", f"{en} {workflow}{en_end} ({more})")

    def _of_opening(self, opening: Opening) -> Iterator[str]:
        voice = self.voice
        title = voice.quote(voice.blank(opening.title))
        yield voice.pick(f"题为{title}", f"called {title}")
        if opening.for_ is not None:
            whom = self._whom(opening.for_)
            yield voice.pick(f"责任对象为{whom}", f"for {whom}")
        if opening.for_each is not None:
            whom = self._each_of(opening.for_each)
            yield voice.pick(f"{whom}的每个单位各一件", f"one for each unit of {whom}")
        if opening.each is not None:
            field = voice.field(opening.each, self.about)
            yield voice.pick(f"{field}中每一条各一件", f"one for each entry of {field}")
        values = {**opening.with_, **self.actions.with_}
        if values:
            yield self.values(values, (opening.workflow,))
        if opening in self.actions.propose:
            yield (
                voice.pick("已有未决定的同一建议的，并入其中", "joined to one that is not decided yet")
                if opening.join
                else voice.pick("每次另提一件", "a new one each time")
            )

    def _document(self, document: Document) -> str:
        voice = self.voice
        title, template = voice.quote(voice.blank(document.title)), voice.template(document.template)
        more = voice.join([template, *self._rows(document)])
        return voice.pick(f"起草文书{title}（{more}）", f"draft the document {title} ({more})")

    def _rows(self, document: Document) -> Iterator[str]:
        """`row`: what each line says, its facts by their names."""
        voice = self.voice
        if document.rows is not None and document.row is not None:
            whom, line = self._each_of(document.rows), voice.quote(voice.marked_blanks(document.row))
            yield voice.pick(f"{whom}的每个单位一行：{line}", f"with a line for each unit of {whom}: {line}")
        if document.order is not None:
            measure = voice.measure(document.order)
            yield voice.pick(f"按{measure}从小到大排列", f"in the order of {measure}, the least first")

    def _whom(self, written: str) -> str:
        """A role, or whoever stands in a field of the item."""
        if not written.startswith(EXPRESSION):
            return self.voice.role(written)
        whom = self._expression(written)
        return self.voice.pick(f"{whom}所写的单位或岗位", f"the unit or post in {whom}")

    def _tell(self, tell: Tell) -> str:
        voice = self.voice
        roles, template = voice.roles(tell.to), voice.template(tell.template)
        zh, en = ("正式告知", "formally notify") if tell.how == "notify" else ("提醒", "remind")
        each = self._each_of(tell.for_each) if tell.for_each is not None else ""
        each_zh, each_en = (f"{each}的每个单位的", f", of each unit of {each},") if each else ("", "")
        return voice.pick(
            f"另以{template}{zh}{each_zh}{roles}", f"{en} {roles}{each_en} with the text {template}"
        )

    def _each_of(self, name: str) -> str:
        """A group, or a field of the item that holds units."""
        if name in self.voice.book.groups:
            return self.voice.members(name)
        return self.voice.field(name, self.about)

    def _moved(self) -> Iterator[str]:
        voice, move, extend = self.voice, self.actions.move, self.actions.extend
        if extend is not None:
            clock, whose = voice.clock(extend.clock), self._whose(extend.item)
            to = self._expression(extend.to) if extend.to is not None else ""
            by = self._length(extend.by) if extend.by is not None else ""
            yield (
                voice.pick(f"把{whose}的{clock}延长{by}", f"extend {clock} of {whose} by {by}")
                if by
                else voice.pick(f"把{whose}的{clock}延至{to}", f"extend {clock} of {whose} until {to}")
            )
        if move is not None:
            about = self.about if move.item == "self" else tuple(voice.book.workflows)
            event, whose = voice.event(move.event, about), self._whose(move.item, move.workflow)
            said = self.values(move.with_, about) if move.with_ else ""
            with_zh, with_en = (f"（{said}）", f" ({said})") if said else ("", "")
            yield voice.pick(f"对{whose}作{event}{with_zh}", f"apply {event} to {whose}{with_en}")

    def _whose(self, item: str, workflow: str | None = None) -> str:
        voice = self.voice
        if item == "self":
            return voice.pick("本事项", "the item")
        named = voice.workflow(workflow) if workflow is not None else ""
        if item == "parent":
            return voice.pick(f"上级事项{named}", f"the {named or 'item'} it belongs to")
        if item == "descendants":
            return voice.pick(
                f"每个下级事项{named}，逐级到底",
                f"every {named or 'item'} that belongs to it, and to those, down to the last",
            )
        return voice.pick(f"每个下级事项{named}", f"every {named or 'item'} that belongs to it")

    def values(
        self,
        written: Mapping[str, Scalar],
        workflows: tuple[str, ...],
        zh: str = "{}为{}",
        en: str = "{} is {}",
    ) -> str:
        """`主持人为分管负责同志`: fields with what is written into them."""
        voice = self.voice
        if not workflows:
            workflows = tuple(voice.book.workflows)
        said = []
        for name, value in written.items():
            field, text = voice.field(name, workflows), self._value(name, value, workflows)
            said.append(voice.pick(zh, en).format(field, text))
        return voice.join(said)

    def _value(self, name: str, value: Scalar, workflows: tuple[str, ...]) -> str:
        if isinstance(value, str) and value.startswith(EXPRESSION):
            return self._expression(value)
        return self.voice.value(value, self.voice.field_spec(name, workflows))

    def _expression(self, source: str) -> str:
        found = self.expressions.get(source)
        return self.voice.expression(found) if found else source.removeprefix(EXPRESSION)

    def _length(self, written: str) -> str:
        if not written.startswith(EXPRESSION):
            return say_length(written, self.voice.language)
        name = written.removeprefix(EXPRESSION).strip().removeprefix("item.")
        field = self.voice.field(name, self.about)
        return self.voice.pick(f"{field}所载的时长", f"what {field} says")
