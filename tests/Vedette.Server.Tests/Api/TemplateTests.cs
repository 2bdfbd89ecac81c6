using System.Text.Json;

namespace Vedette.Server.Tests.Api;

/// <summary>Texts made of templates in the language of Django.</summary>
public sealed class TemplateTests
{
    /// <summary>Pairs of a template and what comes of it with <see cref="Values"/>.</summary>
    private static readonly (string Template, string Text)[] Golden =
    [
        ("<h1>{{ title }}</h1>{{ title|safe }}", "<h1>A &amp; &quot;B&quot;</h1>A & \"B\""),
        ("{% autoescape off %}{{ title }}{% endautoescape %}{{ title|upper }}", "A & \"B\"A &amp; &quot;B&quot;"),
        ("{{ event.id }} {{ list.1 }} {{ rows.0.ip }} {{ gone }}{{ event.gone.further }}.", "7 two 192.0.2.1 ."),
        ("{% for row in rows %}{{ forloop.counter }}:{{ row.ip }}{% if not forloop.last %}, {% endif %}{% endfor %}", "1:192.0.2.1, 2:192.0.2.2"),
        ("{% for key, value in event.items %}{{ key }}={{ value }};{% endfor %}{% for x in none %}x{% empty %}nothing{% endfor %}", "id=7;name=n;nothing"),
        ("{% for x in list reversed %}{{ x }}{% cycle '-' '+' %}{% endfor %}", "two-one+"),
        ("{% if n > 4 and not gone or n == 1 %}a{% else %}b{% endif %}{% if n < 4 %}c{% elif 'one' in list %}d{% endif %}", "ad"),
        ("{% if n < title %}a{% else %}not comparable{% endif %}{% ifequal n 5 %}same{% else %}other{% endifequal %}", "not comparablesame"),
        ("{% with short=title|truncatechars:4 count=list|length %}{{ short }}{{ count }}{% endwith %}", "A...2"),
        ("{{ list|join:'<' }} {{ list|first }} {{ list|slice:':1' }} {{ n|add:'2' }} {{ gone|default:'none' }} {{ n|yesno:'y,n' }} entr{{ list|pluralize:'y,ies' }}", "one<two one [&#39;one&#39;] 7 none y entries"),
        ("{{ at|date:'Y-m-d H:i' }} {{ at|date:'j N Y, P' }} {{ 1536|filesizeformat }} {{ 2.50|floatformat:1 }}", "2026-03-04 05:06 4 March 2026, 5:06 a.m. 1.5 KB 2.5"),
        ("{# gone #}{% comment %}{{ x|nope }}{% endcomment %}{% verbatim %}{{ x }}{% endverbatim %}{% templatetag openblock %}", "{{ x }}{%"),
        ("{% spaceless %}<p> <b>x</b> </p>{% endspaceless %}{% filter upper %}a{{ n }}{% endfilter %}{% firstof gone n %}", "<p><b>x</b></p>A55"),
        ("{{ lines|linebreaksbr }}{{ rows|dictsortreversed:'ip'|first }}", "a&lt;<br />b{&#39;ip&#39;: &#39;192.0.2.2&#39;}"),
    ];

    private const string Values = """
        {"title": 'A & "B"', "event": {"id": 7, "name": "n"}, "list": ["one", "two"], "rows": [{"ip": "192.0.2.1"}, {"ip": "192.0.2.2"}], "none": [],
         "n": 5, "at": phantom.datetime(2026, 3, 4, 5, 6), "lines": "a<\nb"}
        """;

    [Fact]
    public async Task Template_BecomesItsText()
    {
        await using var site = await Site.Open();

        await site.Passes($$$"""
            values = {{{Values.ReplaceLineEndings(" ")}}}
            for template, text in {{{Python(Golden.Select(each => new[] { each.Template, each.Text }))}}}:
                assert phantom.render_template(template, values) == text, (template, phantom.render_template(template, values))
            assert phantom.Template("{{ a }}").render(phantom.Context({"a": "<"})) == "&lt;"
            assert phantom.Template("{{ a }}").render(phantom.Context({"a": "<"}, autoescape=False)) == "<"
            from django.template import Template
            assert Template is phantom.Template
            """);
    }

    [Fact]
    public async Task WhatTheLanguageDoesNotHave_IsSaidWithItsName()
    {
        await using var site = await Site.Open();
        string[][] wrong =
        [
            ["{% levitate %}", "levitate"], ["{{ a|nope }}", "nope"], ["{% if a %}", "endif"], ["{% if %}{% endif %}", "too early"], ["{{ a.__class__ }}", "underscore"],
            ["{% for a of b %}{% endfor %}", "for NAME in VALUES"], ["{% include 'x' %}", "include"], ["{{ a|add }}", "takes an argument"], ["{{ a b }}", "no expression"],
        ];

        await site.Passes($$$"""
            for template, word in {{{Python(wrong)}}}:
                try:
                    phantom.render_template(template, {"a": 1})
                    raise RuntimeError("taken: " + template)
                except ValueError as error:
                    assert word in str(error), (template, str(error))
            """);
    }

    private static string Python(IEnumerable<string[]> pairs) => JsonSerializer.Serialize(pairs, JsonSerializerOptions.Web);
}
