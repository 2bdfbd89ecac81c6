namespace Vedette.Console.Playbooks;

/// <summary>
/// Where each block stands. In layers from top to bottom: (1) what leads back is set aside, (2) each block stands one layer below the last
/// that leads to it, (3) a link over several layers gets a place of its own in each, (4) the order in a layer follows the neighbours',
/// (5) blocks move towards their neighbours as far as their distance allows. So no two ever overlap, and no link crosses a block.
/// </summary>
public sealed class GraphLayout
{
    public const int BlockWidth = 192;
    public const int BlockHeight = 44;

    private const int Between = 24;
    private const int Pitch = 88;
    private const int Margin = 24;
    private const int BendWidth = 12;
    private const int Sweeps = 10;

    /// <summary>A drawing that needs more is drawn with straight links.</summary>
    private const int MostBends = 20_000;

    private readonly List<int> _layer = [];
    private readonly List<int> _width = [];
    private readonly List<List<int>> _above = [];
    private readonly List<List<int>> _below = [];
    private readonly List<List<int>> _layers = [];
    private double[] _x = [];

    private GraphLayout(BlockGraph graph)
    {
        var number = graph.Blocks.Select((block, at) => (block.Id, at)).ToDictionary(pair => pair.Id, pair => pair.at, StringComparer.Ordinal);
        var links = graph.Links.Where(link => link.From != link.To && number.ContainsKey(link.From) && number.ContainsKey(link.To)).DistinctBy(link => (link.From, link.To))
            .Select(link => (Link: link, From: number[link.From], To: number[link.To])).ToList();
        foreach (var _ in graph.Blocks)
        {
            Add(0, BlockWidth);
        }

        var back = Back(graph.Blocks.Count, [.. links.Select(link => (link.From, link.To))], graph.Blocks.Select((block, at) => (block, at)).OrderBy(pair => pair.block.Kind != "start").Select(pair => pair.at));
        var forward = links.Where((_, at) => !back.Contains(at)).ToList();
        Rank(graph.Blocks.Count, [.. forward.Select(link => (link.From, link.To))], [.. graph.Blocks.Select(block => block.Kind == "end")]);
        var ways = forward.ConvertAll(link => Way(link.From, link.To, forward.Sum(other => Math.Max(0, _layer[other.To] - _layer[other.From] - 1)) <= MostBends));
        Order();
        Place();

        var left = _x.Length == 0 ? 0 : _x.Select((x, at) => x - (_width[at] / 2.0)).Min();
        Places = [.. graph.Blocks.Select((block, at) => new BlockPlace(block, Left(at, left), Top(at)))];
        var lines = new List<LinkLine>();
        foreach (var (link, way) in forward.Zip(ways))
        {
            lines.Add(new LinkLine(link.Link, [.. way.Select(at => (Left(at, left) + (_width[at] / 2), Top(at)))], false));
        }

        lines.AddRange(back.Select(at => links[at]).Select(link => new LinkLine(link.Link, [(Left(link.From, left) + BlockWidth, Top(link.From)), (Left(link.To, left) + BlockWidth, Top(link.To))], true)));
        Lines = lines;
        Width = (_x.Length == 0 ? 0 : _x.Select((_, at) => Left(at, left) + _width[at]).Max()) + Margin + (back.Count > 0 ? 48 : 0);
        Height = (_layers.Count * Pitch) - (Pitch - BlockHeight) + (2 * Margin);
    }

    public IReadOnlyList<BlockPlace> Places { get; }

    public IReadOnlyList<LinkLine> Lines { get; }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    public int Height { get; }

    public static GraphLayout Of(BlockGraph graph) => new(graph);

    private int Left(int at, double left) => (int)Math.Round(_x[at] - (_width[at] / 2.0) - left) + Margin;

    private int Top(int at) => Margin + (_layer[at] * Pitch);

    private int Add(int layer, int width)
    {
        _layer.Add(layer);
        _width.Add(width);
        _above.Add([]);
        _below.Add([]);
        return _layer.Count - 1;
    }

    /// <summary>(1) Links that lead to a block one is still coming from.</summary>
    private static HashSet<int> Back(int count, List<(int From, int To)> links, IEnumerable<int> order)
    {
        var leaving = links.Select((link, at) => (link.From, At: at)).ToLookup(link => link.From, link => link.At);
        var state = new int[count];
        var back = new HashSet<int>();
        foreach (var root in order)
        {
            if (state[root] != 0)
            {
                continue;
            }

            var open = new Stack<(int Block, Queue<int> Links)>([(root, new Queue<int>(leaving[root]))]);
            state[root] = 1;
            while (open.TryPeek(out var top))
            {
                if (!top.Links.TryDequeue(out var link))
                {
                    state[top.Block] = 2;
                    open.Pop();
                    continue;
                }

                var to = links[link].To;
                if (state[to] == 1)
                {
                    back.Add(link);
                }
                else if (state[to] == 0)
                {
                    state[to] = 1;
                    open.Push((to, new Queue<int>(leaving[to])));
                }
            }
        }

        return back;
    }

    /// <summary>(2) The longest way to each block; ends stand at the bottom.</summary>
    private void Rank(int count, List<(int From, int To)> links, bool[] isEnd)
    {
        var leading = new int[count];
        foreach (var link in links)
        {
            leading[link.To]++;
        }

        var leaving = links.ToLookup(link => link.From, link => link.To);
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(block => leading[block] == 0));
        while (ready.TryDequeue(out var block))
        {
            foreach (var to in leaving[block])
            {
                _layer[to] = Math.Max(_layer[to], _layer[block] + 1);
                if (--leading[to] == 0)
                {
                    ready.Enqueue(to);
                }
            }
        }

        var bottom = count == 0 ? 0 : _layer.Max();
        for (var block = 0; block < count; block++)
        {
            if (isEnd[block] && !leaving[block].Any())
            {
                _layer[block] = bottom;
            }
        }
    }

    /// <summary>(3) The places a link passes.</summary>
    private List<int> Way(int from, int to, bool bends)
    {
        var way = new List<int> { from };
        for (var layer = _layer[from] + 1; bends && layer < _layer[to]; layer++)
        {
            way.Add(Add(layer, BendWidth));
        }

        way.Add(to);
        for (var at = 1; at < way.Count; at++)
        {
            _below[way[at - 1]].Add(way[at]);
            _above[way[at]].Add(way[at - 1]);
        }

        return way;
    }

    /// <summary>(4) First as one comes to them, then by the middle of the neighbours, down and up.</summary>
    private void Order()
    {
        for (var layer = 0; layer <= (_layer.Count == 0 ? -1 : _layer.Max()); layer++)
        {
            _layers.Add([]);
        }

        var seen = new bool[_layer.Count];
        foreach (var root in Enumerable.Range(0, _layer.Count).OrderBy(at => _layer[at]))
        {
            var open = new Stack<int>([root]);
            while (open.TryPop(out var at))
            {
                if (seen[at])
                {
                    continue;
                }

                seen[at] = true;
                _layers[_layer[at]].Add(at);
                foreach (var next in _below[at].AsEnumerable().Reverse())
                {
                    open.Push(next);
                }
            }
        }

        var position = new double[_layer.Count];
        void Number(List<int> layer)
        {
            foreach (var (index, at) in layer.Index())
            {
                position[at] = index;
            }
        }

        _layers.ForEach(Number);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var neighbours = sweep % 2 == 0 ? _above : _below;
            for (var step = 0; step < _layers.Count; step++)
            {
                var index = sweep % 2 == 0 ? step : _layers.Count - 1 - step;
                _layers[index] = [.. _layers[index].OrderBy(at => neighbours[at].Count == 0 ? position[at] : neighbours[at].Average(other => position[other]))];
                Number(_layers[index]);
            }
        }
    }

    /// <summary>(5) Each layer as near to its neighbours as the distances allow, down and up in turn.</summary>
    private void Place()
    {
        _x = new double[_layer.Count];
        foreach (var layer in _layers)
        {
            Settle(layer, [.. layer.Select(_ => 0.0)]);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var step = 0; step < _layers.Count; step++)
            {
                var layer = _layers[sweep % 2 == 0 ? step : _layers.Count - 1 - step];
                Settle(layer, [.. layer.Select(at =>
                {
                    var near = sweep == Sweeps - 1 ? [.. _above[at], .. _below[at]] : sweep % 2 == 0 ? _above[at] : _below[at];
                    return near.Count == 0 ? _x[at] : near.Average(other => _x[other]);
                })]);
            }
        }
    }

    /// <summary>The places nearest to those wished for that keep order and distance: neighbours that would be too near are pooled, and stand around their common mean.</summary>
    private void Settle(List<int> layer, double[] wished)
    {
        var offset = new double[layer.Count];
        for (var at = 1; at < layer.Count; at++)
        {
            offset[at] = offset[at - 1] + ((_width[layer[at - 1]] + _width[layer[at]]) / 2.0) + Between;
        }

        var pools = new Stack<(double Sum, int Count)>();
        for (var at = 0; at < layer.Count; at++)
        {
            var pool = (Sum: wished[at] - offset[at], Count: 1);
            while (pools.TryPeek(out var before) && before.Sum / before.Count >= pool.Sum / pool.Count)
            {
                pool = (pool.Sum + before.Sum, pool.Count + before.Count);
                pools.Pop();
            }

            pools.Push(pool);
        }

        var next = 0;
        foreach (var (sum, count) in pools.Reverse())
        {
            for (var one = 0; one < count; one++, next++)
            {
                _x[layer[next]] = (sum / count) + offset[next];
            }
        }
    }
}

/// <param name="X">Left, in pixels.</param>
/// <param name="Y">Top.</param>
public sealed record BlockPlace(Block Block, int X, int Y);

/// <param name="Points">The middle of each place it passes, and the top of that place's layer; of one that leads back, right edge and top of both blocks.</param>
public sealed record LinkLine(Link Link, IReadOnlyList<(int X, int Y)> Points, bool Back);
