using System.Text.Json.Nodes;

namespace Vedette.Trial.Cases;

/// <summary>One case: what comes in, what is answered, what is expected.</summary>
public sealed record TestCase
{
    public required string Name { get; init; }

    /// <summary>Nobody wrote it: also the custom lists that the playbook asks for and nobody has are made up.</summary>
    public bool MadeUp { get; init; }

    /// <summary>The time on the simulated clock at the start; null for now.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Fields of the event; null for a made-up one.</summary>
    public JsonObject? Event { get; init; }

    /// <summary>Null for a made-up one.</summary>
    public IReadOnlyList<JsonObject>? Artifacts { get; init; }

    /// <summary>Inputs of the playbook; null for made-up ones.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>Custom lists by name.</summary>
    public JsonObject Lists { get; init; } = [];

    /// <summary>What <c>phantom.get_data</c> finds, by key.</summary>
    public JsonObject Saved { get; init; } = [];

    /// <summary>Answers by the name of a block or of an action.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<GivenAnswer>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<GivenAnswer>>();

    public Expected Expect { get; init; } = new();
}

/// <param name="When">Parameters it is for, or message and addressee of a prompt; all when empty.</param>
/// <param name="Person">How a person answers; null for what may answer an action as well.</param>
/// <param name="Times">How many times it is given; then those after it are looked at. Null for always.</param>
public sealed record GivenAnswer(JsonObject When, bool Success, string Message, JsonArray Data, JsonObject Summary, PersonAnswer? Person = null, int? Times = null);

/// <param name="Responses">One for each question; null for made-up ones.</param>
/// <param name="By">Who answers; null for whoever is asked.</param>
/// <param name="Silent">Nobody answers.</param>
public sealed record PersonAnswer(IReadOnlyList<string>? Responses, string? By, bool Silent);

/// <summary>What a case has to come to; what is null is not looked at.</summary>
public sealed record Expected
{
    public string Status { get; init; } = "success";

    /// <summary>Actions that must have been asked for, in any order, each with the parameters it names; an empty list for none at all.</summary>
    public IReadOnlyList<ExpectedAction>? Actions { get; init; }

    /// <summary>Names of actions or blocks that must not have been asked for.</summary>
    public IReadOnlyList<string> NoActions { get; init; } = [];

    /// <summary>Prompts that must have been asked, in any order.</summary>
    public IReadOnlyList<ExpectedPrompt> Prompts { get; init; } = [];

    /// <summary>Texts that must stand in a note.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Texts that must stand in a pin: in its message or its data.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    public string? Severity { get; init; }

    public string? EventStatus { get; init; }

    public JsonObject? Outputs { get; init; }

    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Values that <c>phantom.save_data</c> must have left, by key.</summary>
    public JsonObject? Saved { get; init; }
}

/// <param name="Times">How often; null for at least once.</param>
public sealed record ExpectedAction(string Name, string? Asset, JsonObject Parameters, int? Times);

/// <param name="Name">Of its block.</param>
/// <param name="Message">What stands in it; null for whatever it says.</param>
/// <param name="To">User or role, as the playbook names it.</param>
public sealed record ExpectedPrompt(string Name, string? Message, string? To);

/// <summary>A file that cannot be used; the message names file and line, and says what to do.</summary>
public sealed class TrialFileException : Exception
{
    public TrialFileException()
    {
    }

    public TrialFileException(string message)
        : base(message)
    {
    }

    public TrialFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public static TrialFileException At(string file, long line, string what) => new($"{file}, line {line}: {what}");
}
