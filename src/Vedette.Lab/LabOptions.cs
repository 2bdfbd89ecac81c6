namespace Vedette.Lab;

/// <summary>Where the lab listens and how quick it is. Every port is on loopback; 0 takes a free one.</summary>
public sealed record LabOptions
{
    /// <summary>The port of all HTTP stand-ins and of <c>/_lab</c>.</summary>
    public int Port { get; init; }

    public int LdapPort { get; init; }

    /// <summary>The port of the first WHOIS server; the servers it refers to take free ports.</summary>
    public int WhoisPort { get; init; }

    /// <summary>How long a search takes on its way from QUEUED to DONE.</summary>
    public TimeSpan SplunkSearchTime { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>A Splunk from before 9.0.2: it has no second generation of the search paths, and parses on GET.</summary>
    public bool SplunkIsOld { get; init; }

    /// <summary>How long <c>late-answer</c> keeps the answer of work that is done.</summary>
    public TimeSpan LateAnswerAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after the cut the record of <c>late-work</c> appears.</summary>
    public TimeSpan LateWorkAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The requests remembered per system for <c>/_lab/requests</c>.</summary>
    public int RememberedRequests { get; init; } = 200;

    /// <summary>Seeds the dice of a behaviour's rate, so that a benchmark can be repeated.</summary>
    public int Seed { get; init; } = 417;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
