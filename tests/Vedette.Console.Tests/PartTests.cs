using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Console.Investigation;
using Vedette.Console.Parts;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Console.Tests;

/// <summary>Parts with logic of their own.</summary>
public sealed class PartTests : BunitContext
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u202eb", "a<span class=\"cc\" title=\"A character that cannot be seen\">U+202E</span>b")]
    [InlineData("<b>", "&lt;b&gt;")]
    [InlineData("Tomás → 1\u2009204", "Tomás → 1\u2009204")]
    public void T01_Outside_ShowsWhatCannotBeSeen(string text, string markup) => Render<Outside>(part => part.Add(p => p.Text, text)).MarkupMatches(markup);

    [Fact]
    public void T01_HalfACharacter_IsShownByItsNumber() => Render<Outside>(part => part.Add(p => p.Text, "a" + (char)0xD800)).MarkupMatches("a<span class=\"cc\" title=\"A character that cannot be seen\">U+D800</span>");

    [Theory]
    [InlineData("**a** `b` *c*", "<p><strong>a</strong> <code>b</code> <em>c</em></p>")]
    [InlineData("# t\n\n- x\n- y", "<h4>t</h4><ul><li>x</li><li>y</li></ul>")]
    [InlineData("[a](javascript:x)", "<p>[a](javascript:x)</p>")]
    [InlineData("[a](https://b.example/c)", "<p><a href=\"https://b.example/c\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a><span class=\"t3 f11\"> (b.example)</span></p>")]
    [InlineData("```\n<i>\n```", "<pre>&lt;i&gt;</pre>")]
    [InlineData("<img src=x>", "<p>&lt;img src=x&gt;</p>")]
    public void T01_Markdown_IsElementsAndNeverMarkup(string text, string markup) => Render<Markdown>(part => part.Add(p => p.Text, text)).MarkupMatches(markup);

    [Theory]
    [InlineData("get system attributes", "[{}]")]
    [InlineData("whois domain", "[{\"creation_date\":[\"not a date\"],\"nameservers\":\"x\"}]")]
    [InlineData("query ip", "[{\"vulns\":{\"CVE\":{\"cvss\":\"high\"}},\"port\":null}]")]
    [InlineData("create ticket", "[{\"state\":{\"a\":1}}]")]
    [InlineData("anything", "[1,\"two\",null]")]
    [InlineData("anything", "{\"no\":\"list\"}")]
    public void ResultOfAnyShape_IsShown(string action, string data)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var now = DateTimeOffset.UnixEpoch;
        var run = new ActionRunRow { Id = 1, CreatedAt = now, UpdatedAt = now, Action = action, Name = "block", Status = "success", EndedAt = now };
        var result = new ActionResultRow { Id = 1, CreatedAt = now, UpdatedAt = now, AppRunId = 1, ActionRunId = 1, AssetId = 1, Position = 0, State = ActionState.Done, Reach = Reach.Reads, Settling = Settling.Reads, EffectKey = "k", Parameter = "{}", Data = data };
        Services.AddSingleton(TimeProvider.System);

        var widget = Render<ResultWidget>(part => part.Add(p => p.Action, run).Add(p => p.AppRuns, []).Add(p => p.Results, [result]));

        Assert.Contains(action, widget.Find("header").TextContent, StringComparison.Ordinal);
        widget.Find("button[title='Raw JSON']").Click();
        Assert.Contains("data", widget.Find(".tree").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ActionThatWaits_HasANameAndNoEmptyBox()
    {
        var now = DateTimeOffset.UnixEpoch;
        var run = new ActionRunRow { Id = 1, CreatedAt = now, UpdatedAt = now, Action = "query ip", Name = "block", Status = "pending" };

        var widget = Render<ResultWidget>(part => part.Add(p => p.Action, run).Add(p => p.AppRuns, []).Add(p => p.Results, []));

        Assert.Contains("Waits for its turn", widget.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "3 ms")]
    [InlineData(870, "0.87 s")]
    [InlineData(454_000, "7 m 34 s")]
    [InlineData(11_760_000, "3 h 16 m")]
    public void Durations_AreWrittenAsTheDesignSays(double milliseconds, string written) => Assert.Equal(written, Words.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
