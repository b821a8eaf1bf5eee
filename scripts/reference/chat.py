"""What jinja2 renders from chat templates of the forms that models use."""
import datetime
import json

from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from vectors import save_json

TODAY = datetime.date(2026, 3, 5)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}

CONVERSATIONS = {
    "system": [{"role": "system", "content": "You recommend films."}, {"role": "user", "content": " What next?\n"}],
    "user": [{"role": "user", "content": "Ünïcode 🎬 \"quoted\" <b> & 'single'"}],
    "long": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello!"},
        {"role": "user", "content": "One film.\nOnly the title."},
    ],
    "twice": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}],
}

# Whole templates, in the forms of families.
TEMPLATES = {
    "chatml": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nBe helpful.<|im_end|>\\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "inst": "{{ bos_token }}\n{%- if messages[0].role == 'system' %}\n    {%- set system = messages[0].content %}\n"
    "    {%- set rest = messages[1:] %}\n{%- else %}\n    {%- set rest = messages %}\n{%- endif %}\n"
    "{%- for message in rest %}\n    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\n"
    "        {{- raise_exception('roles must alternate') }}\n    {%- endif %}\n"
    "    {%- if message['role'] == 'user' %}\n        {%- if loop.last and system is defined %}\n"
    "            {{- '[INST] ' + system + '\\n\\n' + message['content'] + '[/INST]' }}\n        {%- else %}\n"
    "            {{- '[INST] ' + message['content'] + '[/INST]' }}\n        {%- endif %}\n"
    "    {%- elif message['role'] == 'assistant' %}\n        {{- ' ' + message['content']|trim + eos_token }}\n"
    "    {%- else %}\n        {{- raise_exception('unknown role ' ~ message.role) }}\n    {%- endif %}\n{%- endfor %}\n",
    "headers": "{{- bos_token }}\n{%- if not date_string is defined %}\n"
    "    {%- if strftime_now is defined %}\n        {%- set date_string = strftime_now('%d %b %Y') %}\n"
    "    {%- else %}\n        {%- set date_string = '26 Jul 2024' %}\n    {%- endif %}\n{%- endif %}\n"
    "{#- The system message. #}\n{%- if messages[0]['role'] == 'system' %}\n"
    "    {%- set system_message = messages[0]['content']|trim %}\n    {%- set messages = messages[1:] %}\n"
    "{%- else %}\n    {%- set system_message = '' %}\n{%- endif %}\n"
    "{{- '<|start|>system<|end|>\\n\\nToday: ' + date_string + '\\n\\n' }}\n{{- system_message }}\n{{- '<|eot|>' }}\n"
    "{%- for message in messages %}\n    {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}\n"
    "        {{- '<|start|>' + message['role'] + '<|end|>\\n\\n'+ message['content'] | trim + '<|eot|>' }}\n"
    "    {%- elif message.tool_calls|length != 1 %}\n        {{- raise_exception('one tool call at once') }}\n"
    "    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n"
    "    {{- '<|start|>assistant<|end|>\\n\\n' }}\n{%- endif %}\n",
    "thinking": "{%- if tools %}\n    {{- '# Tools' }}\n{%- else %}\n    {%- if messages[0].role == 'system' %}\n"
    "        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}\n    {%- endif %}\n{%- endif %}\n"
    "{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}\n"
    "{%- for message in messages[::-1] %}\n    {%- set index = (messages|length - 1) - loop.index0 %}\n"
    "    {%- if ns.multi_step_tool and message.role == \"user\" and message.content is string and not("
    "message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}\n"
    "        {%- set ns.multi_step_tool = false %}\n        {%- set ns.last_query_index = index %}\n    {%- endif %}\n"
    "{%- endfor %}\n{%- for message in messages %}\n    {%- if message.content is string %}\n"
    "        {%- set content = message.content %}\n    {%- else %}\n        {%- set content = '' %}\n    {%- endif %}\n"
    "    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) %}\n"
    "        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}\n"
    "    {%- elif message.role == \"assistant\" %}\n        {%- set reasoning_content = '' %}\n"
    "        {%- if message.reasoning_content is string %}\n"
    "            {%- set reasoning_content = message.reasoning_content %}\n        {%- else %}\n"
    "            {%- if '</think>' in content %}\n"
    "                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}\n"
    "                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n            {%- endif %}\n"
    "        {%- endif %}\n        {%- if loop.index0 > ns.last_query_index %}\n"
    "            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}\n"
    "        {%- else %}\n            {{- '<|im_start|>' + message.role + '\\n' + content }}\n        {%- endif %}\n"
    "        {{- '<|im_end|>\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n"
    "    {{- '<|im_start|>assistant\\n' }}\n    {%- if enable_thinking is defined and enable_thinking is false %}\n"
    "        {{- '<think>\\n\\n</think>\\n\\n' }}\n    {%- endif %}\n{%- endif %}",
    "turns": "{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}\n    {%- if messages[0]['content'] is string -%}\n"
    "        {%- set first = messages[0]['content'] + '\\n\\n' -%}\n    {%- else -%}\n"
    "        {%- set first = messages[0]['content'][0]['text'] + '\\n\\n' -%}\n    {%- endif -%}\n"
    "    {%- set loop_messages = messages[1:] -%}\n{%- else -%}\n    {%- set first = \"\" -%}\n"
    "    {%- set loop_messages = messages -%}\n{%- endif -%}\n{%- for message in loop_messages -%}\n"
    "    {%- if (message['role'] == 'assistant') -%}\n        {%- set role = \"model\" -%}\n    {%- else -%}\n"
    "        {%- set role = message['role'] -%}\n    {%- endif -%}\n"
    "    {{ '<turn>' + role + '\\n' + (first if loop.first else \"\") }}\n    {%- if message['content'] is string -%}\n"
    "        {{ message['content'] | trim }}\n    {%- elif message['content'] is iterable -%}\n"
    "        {%- for item in message['content'] -%}\n            {{ item['text'] | trim }}\n        {%- endfor -%}\n"
    "    {%- else -%}\n        {{ raise_exception(\"Invalid content type\") }}\n    {%- endif -%}\n"
    "    {{ '<end>\\n' }}\n{%- endfor -%}\n{%- if add_generation_prompt -%}\n    {{'<turn>model\\n'}}\n{%- endif -%}\n",
}

# Small ones, each with what could be read in two ways.
PIECES = [
    "a\n", "a\n\n", "{% if true %}\nx\n{% endif %}\ny", "  {% if true %}\n  x\n  {% endif %}\ny", "a {% if true %} b {% endif %} c",
    "a\n   {# note #}\nb", "a {#- note -#} b", "{{ 1 }}\n{{ 2 }}\n", "  {{- 'a' -}}  b", "  {%+ if true %}\nx{% endif +%}\ny",
    "{% for i in range(3) %}\n{{ i }}\n{% endfor %}", "{% for i in range(5, 0, -2) %}{{ i }},{% endfor %}",
    "{% for i in [] %}x{% else %}none{% endfor %}", "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }} {% endfor %}",
    "{% for k, v in {'a': 1, 'b': 'x'}.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in {'a': 1} %}{{ k }}{% endfor %}",
    "{% for m in messages %}{{ loop.first }} {{ loop.last }} {{ loop.revindex }} {{ loop.previtem.role if loop.previtem is defined }};{% endfor %}",
    "{% set x = 1 %}{% for i in range(2) %}{% set x = 5 %}{% endfor %}{{ x }}", "{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set ns = namespace(a=1) %}{% for i in range(3) %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}",
    "{% set x %}b{{ 1 }}\n{% endset %}[{{ x }}]", "{{ nothing }}|{{ nothing is defined }}|{{ nothing is undefined }}|{{ nothing|default('d') }}",
    "{{ ''|default('d') }}|{{ ''|default('d', true) }}|{{ none|default('d') }}|{{ ''|d('e', boolean=true) }}",
    "{{ none }} {{ true }} {{ false }} {{ True }} {{ None is none }}", "{{ 'abc'[1] }}{{ 'abc'[-1] }}{{ 'abcdef'[1:4] }}{{ 'abcdef'[::-1] }}{{ 'abcdef'[-2:] }}{{ 'abc'[5:] }}",
    "{{ [1,2,3][-1] }}{{ [1,2,3][1:]|join('-') }}{{ [1,2,3][:-1]|length }}{{ [1,2,3,4][::-2]|join }}", "{{ (1, 2)|length }}{{ ('a',)[0] }}",
    "{{ 'a' 'b' ~ 1 ~ none }}", "{{ 1 + 2 * 3 - 4 // 3 }} {{ 7 % 3 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 3 / 2 }} {{ 4 / 2 }}", "{{ 2 - 1 ~ 'x' }}", "{{ -2|abs if false else -2 }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 'a' < 'b' }} {{ 1 == 1.0 }} {{ '1' == 1 }} {{ true == 1 }}", "{{ not 1 == 2 }} {{ not true or true }} {{ not not 'a' }}",
    "{{ 'a' in 'abc' }} {{ 'z' not in ['a'] }} {{ 'role' in messages[0] }} {{ 'x' in nothing }}", "{{ 1 if false }}|{{ 'a' if 1 else 'b' if 2 else 'c' }}",
    "{{ 0 or 'x' }} {{ 'y' and 'z' }} {{ '' and 'z' }}", "{{ ' a b '|trim }}|{{ ' a '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'ab'.rstrip('b') }}|{{ '\\u00a0a\\u2003'.strip() }}",
    "{{ 'a,b,,c'.split(',')|join('|') }} {{ ' a  b '.split()|join('|') }} {{ 'a-b-c'.split('-', 1)|join('|') }}", "{{ 'aXbX'.replace('X', 'yy') }}{{ 'aXbX'|replace('X', '') }}",
    "{{ 'hello wORLD'.title() }} {{ 'hello wORLD'|upper }} {{ 'Hello'|lower }} {{ 'hELLO'|capitalize }} {{ \"they're 3rd\".title() }}",
    "{{ messages[0]|tojson }}", "{{ {'a': [1, 2.5, true, none, 'é\\n\\\"'], 'b': {}}|tojson }}", "{{ '\\u0001/<>&\\''|tojson }}",
    "{{ messages|length }} {{ messages|map(attribute='role')|join(',') }} {{ messages|selectattr('role', 'equalto', 'user')|list|length }}",
    "{{ messages|rejectattr('role', 'equalto', 'user')|list|length }} {{ messages|first is mapping }} {{ (messages|last).role }}", "{{ {'a': 1}.get('b', 'c') }} {{ {'a': 1}.get('b') }} {{ {'a': 1}.get('a') }}",
    "{{ 'x' is string }} {{ 1 is number }} {{ 1.5 is float }} {{ [] is iterable }} {{ {} is mapping }} {{ true is boolean }} {{ 3 is odd }} {{ 'a' is sequence }} {{ 1 is integer }} {{ true is number }}",
    "{{ x is not defined and y is undefined }}", "{{ not x is defined }}", "{{ 'a\\tb\\\\n' }}{{ \"it's\" }}{{ 'say \"x\"' }}", "{{ {'a': {'b': 'deep'}}.a.b }}{{ {'a': {'b': 1}}['a']['b'] }}",
    "{{ [1, 2] + [3] |length if false else ([1] + [2])|length }}", "{{ 'ab' * 3 }}", "{{ 10_000 }}", "{{ range(3)|list|tojson }}", "{{ 'abc'|reverse }}{{ [1,2]|reverse|join }}", "{{ '42'|int + 1 }}",
    "{{ strftime_now('%d %b %Y, %A %B %m %y') }}", "{% if messages[0].role == 'system' %}s{% elif messages|length > 2 %}l{% else %}o{% endif %}", "{{ messages[0]['content'] | trim + '!' }}",
    "{{ bos_token + eos_token }}", "{{ dict(a=1).a }}", "{{- '' }}\n\n a", "a\n{%- if true %}\n b\n{%- endif %}", "\n\n{% if true %}\n\nx{% endif %}", "{% raw_ %}", "{{ 'a' + 1 }}", "{{ nothing.x }}",
    "{{ raise_exception('no') }}", "{{ [][0] }}|{{ {}.x }}|{{ messages[0].tool_calls }}", "{% for x in nothing %}a{% endfor %}.", "{{ 1.5 + 1 }} {{ 2.0 }} {{ 0.1 }}", "{{ 'é🎬'|length }}{{ 'é🎬'[1] }}",
]


def environment():
    def refuse(message):
        raise TemplateError(message)

    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    made.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    made.globals["raise_exception"] = refuse
    made.globals["strftime_now"] = TODAY.strftime
    return made


def rendered(text, messages, answering):
    try:
        template = environment().from_string(text)
        return template.render(messages=messages, add_generation_prompt=answering, **TOKENS)
    except Exception:  # whatever jinja2 or Python refuses
        return None


def make(folder):
    rows = []
    for name, text in [*TEMPLATES.items(), *((text, text) for text in PIECES)]:
        whole = name in TEMPLATES
        for conversation in CONVERSATIONS if whole else ["long"]:
            for answering in [True, False] if whole else [True]:
                messages = CONVERSATIONS[conversation]
                rows.append({"template": name, "conversation": conversation, "answering": answering,
                             "text": rendered(text, messages, answering)})
    save_json(f"{folder}/chat.json", {"today": TODAY.isoformat(), "tokens": TOKENS, "templates": TEMPLATES,
                                      "conversations": CONVERSATIONS, "rows": rows})
