using Vedette.Engine.Storage;

namespace Vedette.Engine.Hall;

/// <summary>Tells the owner of a run that its inbox has something new. The inbox is on disk: a message that nobody tells is found at the next wake or start.</summary>
internal interface IRunWake
{
    /// <summary>Something new, of which the caller cannot say what.</summary>
    void Wake(long runId);

    /// <param name="message">Committed.</param>
    void Tell(MessageRow message);
}
