namespace Vedette.Server.Rest.Queries;

/// <summary>Statuses and severities by number: a filter may name them so, while records hold the words.</summary>
internal sealed record PickWords(IReadOnlyDictionary<long, string> Statuses, IReadOnlyDictionary<long, string> Severities)
{
    public static PickWords None { get; } = new(new Dictionary<long, string>(), new Dictionary<long, string>());

    /// <summary>The word that a value means in a field of words: one that is there as it is wins over a number.</summary>
    public object? Named(Field field, object? value)
    {
        var list = field.Words switch
        {
            "container_status" => Statuses,
            "severity" => Severities,
            _ => null,
        };
        return list is null || (value is string text && list.Values.Contains(text)) ? value
            : Coerce.Whole(value) is { } id && list.TryGetValue(id, out var word) ? word
            : value;
    }
}
