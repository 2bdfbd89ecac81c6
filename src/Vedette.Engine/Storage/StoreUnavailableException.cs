namespace Vedette.Engine.Storage;

/// <summary>The store cannot write at the moment, the disk is full say: nothing was stored, and the same may be tried again.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
