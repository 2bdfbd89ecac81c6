using System.Text;
using System.Text.Json;
using Bunit;
using Vedette.Console.Playbooks;

namespace Vedette.Console.Tests;

/// <summary>The drawing of a playbook.</summary>
public sealed class GraphTests : BunitContext
{
    /// <summary>A folder with further playbooks, e.g. a checkout of the public ones; each <c>.json</c> below it with a <c>.py</c> beside it is drawn too.</summary>
    private const string Further = "VEDETTE_PLAYBOOKS";

    /// <summary>Ours, and what the switch names.</summary>
    public static TheoryData<string> Playbooks =>
    [
        .. Sources(Path.Combine(AppContext.BaseDirectory, "playbooks")),
        .. Environment.GetEnvironmentVariable(Further) is { Length: > 0 } folder ? Sources(folder) : [],
    ];

    [Theory]
    [MemberData(nameof(Playbooks))]
    public void EveryPlaybook_IsDrawnWithoutOverlap(string source)
    {
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(source));
        var drawn = BlockGraph.Of(Metadata(source), text);

        NeverOverlaps(drawn);
        NeverOverlaps(CodeGraph.Of(text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void GraphOfAnyShape_IsDrawnWithoutOverlap(int seed)
    {
        var chance = new Random(seed);
        var blocks = Enumerable.Range(0, 80).Select(number => new Block($"{number}", $"b{number}", "action", "", "")).ToList();
        var links = Enumerable.Range(0, 160).Select(_ => new Link($"{chance.Next(80)}", $"{chance.Next(80)}", "")).ToList();

        NeverOverlaps(new BlockGraph(blocks, links, false));
    }

    [Fact]
    public void Blocks_StandBelowWhatLeadsToThem_AndNoLinkCrossesOne()
    {
        var layout = GraphLayout.Of(Diamond);

        var place = layout.Places.ToDictionary(one => one.Block.Id);
        foreach (var link in Diamond.Links.Where(link => link.To != "start"))
        {
            Assert.True(place[link.From].Y < place[link.To].Y, $"{link.From} stands above {link.To}");
        }

        Assert.Single(layout.Lines, line => line.Back);
        var longest = Assert.Single(layout.Lines, line => line.Points.Count > 2);
        foreach (var (x, y) in longest.Points.Skip(1).SkipLast(1))
        {
            Assert.DoesNotContain(layout.Places, one => one.Y == y && x > one.X && x < one.X + GraphLayout.BlockWidth);
        }
    }

    [Fact]
    public void Code_BlocksAndCallbacksAreFound_TextAndCommentsAreNot()
    {
        const string source = """
            def on_start(container):
                # never(container)
                plan(container)

            def helper():
                phantom.act("x", callback=after)

            def plan(container=None):
                phantom.debug("never")
                helper()

            def after(action=None, container=None, **kwargs):
                phantom.format(container=container)

            def never(container=None):
                return
            """;

        var graph = CodeGraph.Of(source);

        Assert.Equal(["on_start", "plan", "after", "never"], graph.Blocks.Select(block => block.Name));
        Assert.Equal([("on_start", "plan"), ("plan", "after")], graph.Links.Select(link => (link.From, link.To)));
        Assert.Equal("format", graph.Blocks[2].Kind);
    }

    [Fact]
    public void T01_HostileDrawing_IsTextAndCannotBeEndless()
    {
        var many = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $$"""{"sourceNode":"{{number % 600}}","targetNode":"{{number * 7 % 600}}"}"""));
        var nodes = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $$$"""
            "{{{number}}}": {"type": "<script>", "data": {"functionName": "<b>\u202e{{{number}}}"}}
            """));
        var graph = BlockGraph.Drawn(JsonSerializer.Deserialize<JsonElement>($$$$"""{"coa": {"data": {"nodes": { {{{{nodes}}}} }, "edges": [1, {{{{many}}}}]}}}"""))!;
        Assert.Equal(600, graph.Blocks.Count);

        var page = Render<PlaybookGraph>(part => part.Add(p => p.Layout, GraphLayout.Of(new BlockGraph([.. graph.Blocks.Take(3)], [], false))));

        Assert.Empty(page.FindAll("script, b"));
        Assert.Contains("U+202E", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void ChosenBlock_IsTold()
    {
        string? chosen = null;
        var page = Render<PlaybookGraph>(part => part.Add(p => p.Layout, GraphLayout.Of(Diamond)).Add(p => p.OnChoose, id => chosen = id));

        page.Find("[data-block=left] button").Click();

        Assert.Equal("left", chosen);
    }

    [Theory]
    [InlineData("x = 'a' # b", "x| = |s:'a'| |c:# b")]
    [InlineData("def f(a): return 1.5", "k:def| |f:f|(|a|): |k:return| |n:1.5")]
    [InlineData("'''a\nb''' + c", "s:'''a\ns:b'''| + |c")]
    [InlineData("\"a\\\"b\" 'never closed\nx", "s:\"a\\\"b\"| |s:'never closed\nx")]
    public void Code_IsColouredAndNothingIsLost(string source, string expected)
    {
        var lines = CodeText.Lines(source);

        Assert.Equal(source, string.Join('\n', lines.Select(line => string.Concat(line.Select(piece => piece.Text)))));
        Assert.Equal(expected, string.Join('\n', lines.Select(line => string.Join('|', line.Select(piece => piece.Kind == ' ' ? piece.Text : $"{piece.Kind}:{piece.Text}")))));
    }

    private static BlockGraph Diamond { get; } = new(
        [new("start", "on_start", "start", "", "on_start"), new("left", "left", "action", "", "left"), new("right", "right", "action", "", "right"), new("join", "join", "code", "", "join"), new("end", "on_finish", "end", "", "on_finish")],
        [new("start", "left", ""), new("start", "right", ""), new("left", "join", ""), new("right", "join", ""), new("join", "end", ""), new("start", "end", ""), new("join", "start", "")],
        false);

    private static void NeverOverlaps(BlockGraph graph)
    {
        var layout = GraphLayout.Of(graph);
        Assert.Equal(graph.Blocks.Count, layout.Places.Count);
        foreach (var (at, one) in layout.Places.Index())
        {
            Assert.True(one.X >= 0 && one.Y >= 0 && one.X + GraphLayout.BlockWidth <= layout.Width && one.Y + GraphLayout.BlockHeight <= layout.Height, $"{one} lies in the drawing");
            foreach (var other in layout.Places.Skip(at + 1))
            {
                Assert.False(Math.Abs(one.X - other.X) < GraphLayout.BlockWidth && Math.Abs(one.Y - other.Y) < GraphLayout.BlockHeight, $"{one} and {other} overlap");
            }
        }
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.py", SearchOption.AllDirectories).Where(source => File.Exists(Path.ChangeExtension(source, ".json"))).Order(StringComparer.Ordinal);

    private static JsonElement Metadata(string source)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.ChangeExtension(source, ".json")));
        }
        catch (JsonException)
        {
            // Some public ones are no JSON; what an import would make of them is drawn from the code.
            return default;
        }
    }
}
