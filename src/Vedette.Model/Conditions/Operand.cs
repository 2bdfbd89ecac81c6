using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vedette.Model.Datapaths;
using Vedette.Model.Formats;

namespace Vedette.Model.Conditions;

/// <summary>A value made ready to be compared many times: its text, its number and its address are found once, when first asked for.</summary>
internal sealed class Operand
{
    private readonly bool _lowered;
    private double? _number;
    private bool _numberKnown;
    private (UInt128 Bits, bool V6)? _address;
    private bool _addressKnown;
    private List<Operand>? _elements;
    private List<Operand>? _pieces;

    public Operand(JsonElement value, bool caseSensitive)
    {
        Value = value;
        Kind = value.ValueKind == JsonValueKind.Undefined ? JsonValueKind.Null : value.ValueKind;
        _lowered = !caseSensitive;
        if (Kind == JsonValueKind.String)
            Text = Fold(JsonValues.Text(value));
        else
            Text = Kind is JsonValueKind.Object or JsonValueKind.Array ? "" : PythonText.Str(value);
    }

    private Operand(string text, bool lowered)
    {
        Kind = JsonValueKind.String;
        _lowered = lowered;
        Text = text;
    }

    public JsonElement Value { get; }

    public JsonValueKind Kind { get; }

    public string Text { get; }

    public bool IsText => Kind == JsonValueKind.String;

    public bool IsList => Kind == JsonValueKind.Array;

    public bool IsDict => Kind == JsonValueKind.Object;

    public bool IsBool => Kind is JsonValueKind.True or JsonValueKind.False;

    /// <summary>None and the empty text are one and the same.</summary>
    public bool IsMissing => Kind == JsonValueKind.Null || (IsText && Text.Length == 0);

    /// <summary>What a text or None is equal by; null for all else.</summary>
    public string? TextKey => IsMissing ? "" : IsText ? Text : null;

    /// <summary>The value as a number, where it is one or looks like one.</summary>
    public double? Number
    {
        get
        {
            if (!_numberKnown)
            {
                _number = ReadNumber();
                _numberKnown = true;
            }
            return _number;
        }
    }

    public long? Whole => Kind == JsonValueKind.Number && Value.TryGetInt64(out var whole) ? whole
        : IsText && long.TryParse(Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var read) ? read
        : null;

    public (UInt128 Bits, bool V6)? Address
    {
        get
        {
            if (!_addressKnown)
            {
                _address = IsText ? Networks.Address(Text) : null;
                _addressKnown = true;
            }
            return _address;
        }
    }

    public List<Operand> Elements => _elements ??= IsList
        ? [.. Value.EnumerateArray().Select(element => new Operand(element, !_lowered))]
        : [];

    /// <summary>The parts of a text between delimiters; just itself where there is nothing to split.</summary>
    public List<Operand> Pieces(string? delimiter)
    {
        if (_pieces is not null)
            return _pieces;
        if (!IsText || string.IsNullOrEmpty(delimiter) || !Text.Contains(delimiter, StringComparison.Ordinal))
            return _pieces = [this];
        _pieces = [];
        foreach (var piece in Text.Split(delimiter))
            _pieces.Add(new(piece.Trim(), _lowered));
        return _pieces;
    }

    public string Raw => Kind == JsonValueKind.Null || Value.ValueKind == JsonValueKind.Undefined
        ? Text
        : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(Value));

    public bool HasKey(string key)
    {
        if (!IsDict)
            return false;
        foreach (var property in Value.EnumerateObject())
        {
            if (Fold(JsonValues.Name(property)) == key)
                return true;
        }
        return false;
    }

    private string Fold(string text) => _lowered ? text.ToLowerInvariant() : text;

    private double? ReadNumber()
    {
        if (Kind == JsonValueKind.Number)
            return Value.TryGetDouble(out var number) ? number : null;
        if (IsBool)
            return Kind == JsonValueKind.True ? 1 : 0;
        if (!IsText || Text.Length is 0 or > 64)
            return null;
        return double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) && double.IsFinite(read) ? read : null;
    }
}
