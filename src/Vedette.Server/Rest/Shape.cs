namespace Vedette.Server.Rest;

internal enum Kind
{
    Text,
    Whole,
    Truth,
    Time,

    /// <summary>A list of text, or text with commas.</summary>
    Words,
    Object,
    List,
    Any,
}

/// <param name="Also">Other names that clients write for the same field.</param>
/// <param name="Of">For a list: what is in it.</param>
internal sealed record ShapeField(string Name, Kind Kind, string Says, bool Needed, IReadOnlyList<string> Also, Shape? Of);

/// <summary>An object on the wire: its fields, and a sentence on each. What reads a body can only read fields that are declared here.</summary>
internal sealed class Shape(string name, string says = "")
{
    private readonly List<ShapeField> _fields = [];

    public string Name => name;

    public string Says => says;

    public IReadOnlyList<ShapeField> Fields => _fields;

    public bool Declares(string field) => _fields.Exists(one => one.Name == field || one.Also.Contains(field));

    public Shape Needs(string field, Kind kind, string sentence, params string[] also) => Add(field, kind, sentence, true, also);

    public Shape With(string field, Kind kind, string sentence, params string[] also) => Add(field, kind, sentence, false, also);

    public Shape ListOf(string field, Shape of, string sentence)
    {
        _fields.Add(new ShapeField(field, Kind.List, sentence, false, [], of));
        return this;
    }

    private Shape Add(string field, Kind kind, string sentence, bool needed, string[] also)
    {
        _fields.Add(new ShapeField(field, kind, sentence, needed, also, null));
        return this;
    }
}

/// <summary>Answers that many routes give.</summary>
internal static class Shapes
{
    public static Shape Success { get; } = new Shape("Success", "It is done and on disk.").Needs("success", Kind.Truth, "Always true; a failure has `failed` instead.");

    public static Shape Written { get; } = new Shape("Written", "It is done and on disk.")
        .Needs("success", Kind.Truth, "Always true; a failure has `failed` instead.")
        .Needs("id", Kind.Whole, "The number of the record.");

    public static Shape Failure { get; } = new Shape("Failure", "Nothing was done. `failed` decides, whatever the status.")
        .Needs("failed", Kind.Truth, "Always true.")
        .Needs("message", Kind.Text, "What is wrong, where, and what to do.")
        .With("code", Kind.Text, "The same for programs: a word that does not change.");
}
