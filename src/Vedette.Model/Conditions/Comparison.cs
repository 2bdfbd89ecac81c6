using System.Text.Json;
using Vedette.Model.Formats;

namespace Vedette.Model.Conditions;

/// <summary>The operators. A comparison that cannot be made is false; the negative ones are exact complements.</summary>
/// <param name="Delimiter">What separates the members in a text; null when texts are not lists.</param>
internal sealed record Comparison(string? Delimiter)
{
    public static bool IsNegative(string @operator) => @operator is "!=" or "not in";

    /// <summary>The operator of which a negative one is the complement.</summary>
    public static string Positive(string @operator) => @operator switch
    {
        "!=" => "==",
        "not in" => "in",
        _ => @operator,
    };

    /// <param name="leftSplits">The left value is an artifact's: a text with delimiters in it stands for its pieces.</param>
    public bool Holds(Operand left, string positive, Operand right, bool leftSplits)
    {
        switch (positive)
        {
            case "==":
                return Equal(left, right) || (leftSplits && AnyPart(left, part => Equal(part, right)));
            case "in":
                return In(left, right, leftSplits);
            case ">" or ">=" or "<" or "<=":
                return Ordered(left, positive, right) || (leftSplits && AnyPart(left, part => Ordered(part, positive, right)));
            default:
                return false;
        }
    }

    /// <summary>Whether the value is that cell of a list, or an address in the network the cell names.</summary>
    public bool IsMember(Operand left, Operand cell, bool leftSplits)
    {
        if (left.IsMissing)
            return false;
        if (Equal(left, cell) || Covers(cell, left))
            return true;
        return (leftSplits || left.IsList) && AnyPart(left, part => IsMember(part, cell, false));
    }

    private bool AnyPart(Operand left, Func<Operand, bool> holds)
    {
        if (left.IsList)
            return left.Elements.Exists(element => holds(element));
        var pieces = left.Pieces(Delimiter);
        return pieces.Count > 1 && pieces.Exists(piece => holds(piece));
    }

    public static bool Equal(Operand left, Operand right)
    {
        if (left.IsMissing || right.IsMissing)
            return left.IsMissing && right.IsMissing;
        if (left.IsText && right.IsText)
            return left.Text == right.Text;
        if (left.IsBool && right.IsText || left.IsText && right.IsBool)
            return string.Equals(left.Text, right.Text, StringComparison.OrdinalIgnoreCase);
        if (left.IsList || left.IsDict || right.IsList || right.IsDict)
            return left.Kind == right.Kind && (left.Raw == right.Raw || DeepEqual(left.Value, right.Value));
        if (left.Whole is { } one && right.Whole is { } other)
            return one == other;
        return left.Number is { } a && right.Number is { } b && a == b;
    }

    private static bool DeepEqual(JsonElement left, JsonElement right)
    {
        try
        {
            return JsonElement.DeepEquals(left, right);
        }
        catch (InvalidOperationException)
        {
            return PythonText.Repr(left) == PythonText.Repr(right);
        }
    }

    private static bool Ordered(Operand left, string @operator, Operand right)
    {
        if (left.IsMissing || right.IsMissing || left.IsList || left.IsDict || right.IsList || right.IsDict)
            return false;
        int order;
        if (left.Whole is { } one && right.Whole is { } other)
            order = one.CompareTo(other);
        else if (left.Number is { } a && right.Number is { } b)
            order = a.CompareTo(b);
        else if (left.IsText && right.IsText)
            order = string.CompareOrdinal(left.Text, right.Text);
        else
            return false;
        return @operator switch
        {
            ">" => order > 0,
            ">=" => order >= 0,
            "<" => order < 0,
            _ => order <= 0,
        };
    }

    private bool In(Operand left, Operand right, bool leftSplits)
    {
        if (left.IsMissing || right.IsMissing)
            return false;
        if (left.IsList)
            return left.Elements.Exists(element => In(element, right, leftSplits));
        if (right.IsList)
            return right.Elements.Exists(element => Equal(left, element) || Covers(element, left));
        if (right.IsDict)
            return right.HasKey(left.Text);
        if (!right.IsText)
            return Equal(left, right);
        if (InText(left, right))
            return true;
        return leftSplits && AnyPart(left, piece => In(piece, right, false));
    }

    private bool InText(Operand left, Operand right)
    {
        var pieces = right.Pieces(Delimiter);
        var onlyNetworks = left.Address is not null;
        foreach (var piece in pieces)
        {
            if (Equal(left, piece) || Covers(piece, left))
                return true;
            onlyNetworks = onlyNetworks && (piece.Address is not null || Networks.IsNetwork(piece.Text));
        }
        // Among addresses the text 10.0.0.1 must not be found inside 10.0.0.12.
        return !onlyNetworks && left.IsText && right.Text.Contains(left.Text, StringComparison.Ordinal);
    }

    private static bool Covers(Operand network, Operand address)
    {
        return network.IsText && network.Text.Contains('/', StringComparison.Ordinal) && address.Address is { } inside
            && Networks.Network(network.Text) is { } net && Networks.Holds(net, inside);
    }
}
