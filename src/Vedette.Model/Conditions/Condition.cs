using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>
/// Decides a condition and says what it keeps.
/// <list type="number">
/// <item>Operands are sorted by the place they read from; comparisons on one place are tested on the same row.</item>
/// <item>Each place gives its rows; one without rows stands for a single None.</item>
/// <item>Every comparison judges the rows of its place, or, having none, opens or closes the whole.</item>
/// <item>What is kept is cut out of the data.</item>
/// </list>
/// </summary>
public static class Condition
{
    public static ConditionResult Evaluate(IRunData data, ConditionRequest request)
    {
        var test = new ConditionTest(data, request);
        var any = test.Run();
        return Keeping.Result(any, any ? test.Places : []);
    }
}

internal sealed class ConditionTest(IRunData data, ConditionRequest request)
{
    private readonly Dictionary<string, Place> _places = [];
    private readonly Comparison _comparison = new(request.Delimiter);
    private bool? _gate;

    public IReadOnlyCollection<Place> Places => _places.Values;

    public bool Run()
    {
        // 1. Operands by place.
        var lines = new List<(Side Left, string Operator, Side Right)>(request.Lines.Count);
        foreach (var line in request.Lines)
            lines.Add((SideOf(line.Left), Normal(line.Operator), SideOf(line.Right)));

        // 2. Rows of each place.
        var with = request.Surroundings;
        foreach (var place in _places.Values)
        {
            place.Rows = place.Paths.Rows(data, with, place.Keeps);
            if (place.Rows.Count > 0)
                continue;
            var nothing = new JsonElement[place.Paths.Columns];
            Array.Fill(nothing, JsonValues.Null);
            place.Rows.Add(new(-1, nothing));
            place.IsVoid = true;
        }

        // 3. Verdicts.
        foreach (var (left, @operator, right) in lines)
            Judge(left, @operator, right);

        var verdicts = _places.Values.Where(place => place.Verdicts is not null);
        return request.All
            ? lines.Count > 0 && (_gate ?? true) && verdicts.All(place => place.Verdicts!.Contains(true))
            : (_gate ?? false) || verdicts.Any(place => place.Verdicts!.Contains(true));
    }

    private Side SideOf(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.String)
            return Side.Literal(operand, request.CaseSensitive);
        var text = JsonValues.Text(operand);
        if (!Datapath.Is(text))
            return Side.Literal(operand, request.CaseSensitive);
        var path = Datapath.Parse(text);
        if (path.Kind == LocationKind.CustomList)
            return Side.CustomList(data.CustomList(path.Block), request.CaseSensitive);
        if (!_places.TryGetValue(path.RootsKey, out var place))
            _places.Add(path.RootsKey, place = new(path));
        return Side.Of(place, place.Paths.Add(path));
    }

    private static string Normal(string @operator) => @operator.Trim().ToLowerInvariant();

    private void Judge(Side left, string @operator, Side right)
    {
        var negative = Comparison.IsNegative(@operator);
        var positive = Comparison.Positive(@operator);
        var lefts = left.Operands(request.CaseSensitive);
        var rights = right.Operands(request.CaseSensitive);
        if (left.Place is { Keeps: true } place)
        {
            if (right.Place == place)
            {
                place.Judge(request.All, row => Holds(left, lefts[row], positive, right, rights[row]) != negative);
                return;
            }
            place.Judge(request.All, row => AnyRight(left, lefts[row], positive, right, rights) != negative);
            // The rows on the other side that took part are kept too. That something differs says nothing about any of them.
            if (right.Place is { Keeps: true, IsVoid: false } other && !negative)
                other.Judge(request.All, row => AnyLeft(left, lefts, positive, right, rights[row]));
            return;
        }
        if (right.Place is { Keeps: true } kept)
        {
            if (negative && positive == "in")
            {
                // Not in any of the rows, so that all of them stay or none does.
                var absent = lefts.Exists(value => !AnyRight(left, value, positive, right, rights));
                kept.Judge(request.All, _ => absent);
            }
            else
            {
                kept.Judge(request.All, row => lefts.Exists(value => Holds(left, value, positive, right, rights[row]) != negative));
            }
            return;
        }
        var holds = lefts.Exists(value => AnyRight(left, value, positive, right, rights) != negative);
        _gate = request.All ? (_gate ?? true) && holds : (_gate ?? false) || holds;
    }

    private bool AnyRight(Side left, Operand value, string positive, Side right, List<Operand> rights)
    {
        if (positive == "==" && rights.Count > 8 && value.TextKey is { } key && right.Texts(request.CaseSensitive) is { } texts)
        {
            return texts.Contains(key)
                || (left.IsArtifact && value.Pieces(request.Delimiter) is { Count: > 1 } pieces && pieces.Exists(piece => texts.Contains(piece.Text)));
        }
        foreach (var candidate in rights)
        {
            if (Holds(left, value, positive, right, candidate))
                return true;
        }
        return false;
    }

    private bool AnyLeft(Side left, List<Operand> lefts, string positive, Side right, Operand candidate)
    {
        // An artifact's text also stands for its pieces, which the set does not hold; found whole, there is no need to look for them.
        if (positive == "==" && lefts.Count > 8 && candidate.TextKey is { } key && left.Texts(request.CaseSensitive) is { } texts
            && (!left.IsArtifact || texts.Contains(key)))
        {
            return texts.Contains(key);
        }
        return lefts.Exists(value => Holds(left, value, positive, right, candidate));
    }

    private bool Holds(Side left, Operand value, string positive, Side right, Operand candidate)
    {
        return right.IsMembers && positive == "in"
            ? _comparison.IsMember(value, candidate, left.IsArtifact)
            : _comparison.Holds(value, positive, candidate, left.IsArtifact);
    }
}
