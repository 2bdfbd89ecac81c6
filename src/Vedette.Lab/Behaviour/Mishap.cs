namespace Vedette.Lab.Behaviour;

/// <summary>What goes wrong with one call.</summary>
internal enum Mishap
{
    None,

    /// <summary>Refused for coming too often.</summary>
    TooMany,

    ServerError,

    /// <summary>A proxy says that the system is down: nothing was taken in.</summary>
    Unavailable,

    /// <summary>A page of HTML where data was expected, with a good status.</summary>
    Html,

    /// <summary>An answer of the right form and of 50 MB.</summary>
    Huge,

    /// <summary>The connection is reset before any answer; nothing was done.</summary>
    Reset,

    /// <summary>The work is done, half of the answer arrives.</summary>
    Cut,

    /// <summary>The work is done at once, the answer comes long after.</summary>
    LateAnswer,

    /// <summary>The connection is cut at once, the work is done later.</summary>
    LateWork,

    /// <summary>The connection is cut at once, the work is done later and under an id of the system's own.</summary>
    LateWorkOwnId,

    /// <summary>Reads do not show the newest record.</summary>
    StaleRead,

    /// <summary>The system takes its own id instead of the one it was given.</summary>
    OwnId,

    /// <summary>The sessions opened so far are no longer known.</summary>
    Expired,

    /// <summary>An error that repeats the request, secrets and all.</summary>
    Echo,

    /// <summary>A good answer, each of whose records repeats the request.</summary>
    EchoData,
}
