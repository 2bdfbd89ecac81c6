using System.Text.Json;
using System.Text.Json.Serialization;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Control;

/// <summary>The body of <c>POST /_lab/behaviour</c>.</summary>
internal sealed record BehaviourOrder
{
    /// <summary>A misspelt word must not pass for good behaviour, so unknown members are refused.</summary>
    internal static readonly JsonSerializerOptions Spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public string? System { get; init; }

    public int LatencyMs { get; init; }

    public string? Fail { get; init; }

    public double Rate { get; init; } = 1;

    public int RetryAfter { get; init; } = 1;

    /// <summary><c>any</c>, <c>reads</c> or <c>writes</c>; left out: what suits the mishap.</summary>
    public string? On { get; init; }

    /// <summary>The mishap ends after so many calls.</summary>
    public int? Times { get; init; }

    /// <summary>Gives the behaviour, or a sentence on what is wrong with the order.</summary>
    internal string? Read(out LabSystem system, out SystemBehaviour behaviour)
    {
        behaviour = SystemBehaviour.Good;
        system = LabSystems.Find(System) ?? default;
        if (LabSystems.Find(System) is null)
        {
            return $"There is no system \"{System}\".";
        }

        if (SystemBehaviour.Find(Fail) is not { } mishap)
        {
            return $"There is no failure \"{Fail}\".";
        }

        if (!SystemBehaviour.Fits(system, mishap))
        {
            return $"\"{Fail}\" does not fit {System}.";
        }

        if (LatencyMs < 0 || Rate is not (>= 0 and <= 1) || RetryAfter < 0 || Times < 0)
        {
            return "latency_ms, retry_after and times are 0 or more, rate is from 0 to 1.";
        }

        if (On is not (null or "any" or "reads" or "writes"))
        {
            return $"\"on\" is any, reads or writes, not \"{On}\".";
        }

        var kind = On switch
        {
            "any" => CallKind.Any,
            "reads" => CallKind.Reads,
            "writes" => CallKind.Writes,
            _ => SystemBehaviour.UsualCalls(system, mishap),
        };
        behaviour = new(TimeSpan.FromMilliseconds(LatencyMs), mishap, Rate, RetryAfter, kind, Times);
        return null;
    }
}
