using Microsoft.AspNetCore.Components;

namespace Vedette.Console.Shell;

/// <summary>What a page tells the shell around it, and the shell its parts.</summary>
internal sealed class ShellState
{
    public event Action? Changed;

    /// <summary>Raised when somebody wants to stop all automation.</summary>
    public event Action? StopAsked;

    /// <summary>The way to where one is, for the head of the page.</summary>
    public RenderFragment? Crumbs { get; private set; }

    /// <summary>Pages that need the room have a narrow navigation, unless the reader chose otherwise.</summary>
    public bool Narrow { get; private set; }

    public void Show(RenderFragment crumbs, bool narrow = false)
    {
        (Crumbs, Narrow) = (crumbs, narrow);
        Changed?.Invoke();
    }

    public void AskToStop() => StopAsked?.Invoke();
}
