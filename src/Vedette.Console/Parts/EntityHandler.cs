namespace Vedette.Console.Parts;

/// <summary>The page that opens the menu of a value: value, and what it contains.</summary>
public sealed record EntityHandler(Func<string, IReadOnlyList<string>, Task> Open);
