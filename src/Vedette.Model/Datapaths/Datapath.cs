namespace Vedette.Model.Datapaths;

/// <summary>Where the values of a datapath come from.</summary>
public enum LocationKind
{
    /// <summary>Keys of the results handed in, without any location: <c>status</c>, <c>action_result.data</c>.</summary>
    Bare,
    Artifact,
    FilteredArtifact,
    BlockArtifact,
    Container,
    PlaybookInput,
    ActionResult,
    FilteredActionResult,
    FunctionResult,
    CodeOutput,
    PlaybookOutput,
    FormattedData,
    CustomList,
    Playbook,
    Unknown,
}

/// <summary>A datapath taken apart. Nothing is looked up here: block names are computed while a playbook runs.</summary>
/// <param name="Kind">What the location is.</param>
/// <param name="Block">The block it names, the list for <see cref="LocationKind.CustomList"/>, the label for an artifact; else empty.</param>
/// <param name="Filter">The named filter it reads through, such as <c>filter_1:condition_1</c>.</param>
/// <param name="Path">The tokens below the location's roots.</param>
public sealed record Datapath(LocationKind Kind, string Block, string? Filter, IReadOnlyList<string> Path)
{
    private const string FilteredPrefix = "filtered-data:";
    private const string CustomListPrefix = "custom_list:";

    private static readonly string[] Starts =
    [
        "artifact:", "artifacts:", "filtered-artifact:", FilteredPrefix, "container:", "playbook_input:", "playbook:", CustomListPrefix,
    ];

    private static readonly string[] Marks =
    [
        ":action_result", ":filtered-action_result", ":custom_function_result", ":custom_function:", ":playbook_output:",
        ":playbook_input:", ":artifact:", ":formatted_data",
    ];

    /// <summary>The location as one word, without the filter: what kept data is filed under.</summary>
    public string Location => Kind switch
    {
        LocationKind.Artifact or LocationKind.FilteredArtifact or LocationKind.BlockArtifact => "artifact",
        LocationKind.Container => "container",
        LocationKind.PlaybookInput => "playbook_input",
        LocationKind.ActionResult or LocationKind.FilteredActionResult => Block + ":action_result",
        LocationKind.FunctionResult => Block + ":custom_function_result",
        LocationKind.CodeOutput => Block + ":custom_function",
        LocationKind.PlaybookOutput => Block + ":playbook_output",
        LocationKind.FormattedData => Block + ":formatted_data",
        LocationKind.CustomList => CustomListPrefix + Block,
        LocationKind.Playbook => "playbook",
        _ => "",
    };

    /// <summary>Paths of which this is equal share their roots, and so their rows.</summary>
    internal string RootsKey => $"{(int)Kind}|{Filter}|{Block}|{(Kind is LocationKind.CodeOutput or LocationKind.FormattedData ? string.Join('.', Path) : "")}";

    internal bool IsArtifact => Kind is LocationKind.Artifact or LocationKind.FilteredArtifact or LocationKind.BlockArtifact;

    /// <summary>Whether a string in a condition or a parameter is a datapath; everything else is a literal, even with colons.</summary>
    public static bool Is(string text)
    {
        foreach (var start in Starts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
                return true;
        }
        if (!text.Contains(':', StringComparison.Ordinal))
            return false;
        foreach (var mark in Marks)
        {
            if (text.Contains(mark, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>Takes any string apart; one that fits no form becomes <see cref="LocationKind.Unknown"/> and has no rows.</summary>
    public static Datapath Parse(string text)
    {
        if (text.StartsWith(CustomListPrefix, StringComparison.Ordinal))
            return new(LocationKind.CustomList, text[CustomListPrefix.Length..], null, []);
        string? filter = null;
        while (text.StartsWith(FilteredPrefix, StringComparison.Ordinal))
        {
            // A filter of a filter is filed under the outer name, so that the inner one need not be followed.
            text = CutFilter(text[FilteredPrefix.Length..], out var name);
            filter ??= name;
        }
        var cut = text.LastIndexOf(':');
        if (cut < 0)
            return new(LocationKind.Bare, "", filter, Tokens(text));
        return Place(text[..cut], Tokens(text[(cut + 1)..]), filter);
    }

    private static string CutFilter(string rest, out string name)
    {
        var first = rest.IndexOf(':', StringComparison.Ordinal);
        if (first < 0)
        {
            name = rest;
            return "";
        }
        var second = rest.IndexOf(':', first + 1);
        if (second > 0 && rest.AsSpan(first + 1).StartsWith("condition_", StringComparison.Ordinal))
            first = second;
        name = rest[..first];
        return rest[(first + 1)..];
    }

    private static string[] Tokens(string path)
    {
        // The old form `artifact:*.cef.` ends in a dot and means what stands before it.
        var tokens = path.Split('.');
        var length = tokens.Length;
        while (length > 0 && tokens[length - 1].Length == 0)
            length--;
        return length == tokens.Length ? tokens : tokens[..length];
    }

    private static Datapath Place(string location, string[] path, string? filter)
    {
        switch (location)
        {
            case "artifact" or "artifacts":
                return new(LocationKind.Artifact, Label(path), filter, Rest(path));
            case "filtered-artifact":
                return new(LocationKind.FilteredArtifact, Label(path), filter, Rest(path));
            case "container":
                return new(LocationKind.Container, "", filter, path);
            case "playbook_input":
                return new(LocationKind.PlaybookInput, "", filter, path);
            case "playbook":
                return new(LocationKind.Playbook, "", filter, path);
        }
        var cut = location.LastIndexOf(':');
        if (cut > 0)
        {
            var block = location[..cut];
            switch (location[(cut + 1)..])
            {
                case "artifact":
                    return new(LocationKind.BlockArtifact, block, filter, Rest(path));
                case "custom_function":
                    return new(LocationKind.CodeOutput, block, filter, path);
                case "playbook_output":
                    return new(LocationKind.PlaybookOutput, block, filter, path);
                case "playbook_input":
                    return new(LocationKind.PlaybookInput, "", filter, path);
            }
        }
        var kind = path.Length == 0 ? LocationKind.Unknown : path[0] switch
        {
            "action_result" => LocationKind.ActionResult,
            "filtered-action_result" => LocationKind.FilteredActionResult,
            "custom_function_result" => LocationKind.FunctionResult,
            "formatted_data" => LocationKind.FormattedData,
            _ => LocationKind.Unknown,
        };
        return new(kind, location, filter, Rest(path));
    }

    private static string Label(string[] path) => path.Length == 0 || path[0] == "*" ? "" : path[0];

    private static string[] Rest(string[] path) => path.Length < 2 ? [] : path[1..];
}
