namespace Vedette.Console.Shell;

/// <summary>Short words on what was done or could not be: shown in a corner, read out, gone after a while.</summary>
public sealed class Toasts
{
    private readonly List<Toast> _shown = [];
    private int _last;

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown => _shown;

    public void Done(string text) => Add(new Toast(++_last, "success", text));

    public void Failed(string text) => Add(new Toast(++_last, "failed", text));

    public void Drop(int id)
    {
        _shown.RemoveAll(toast => toast.Id == id);
        Changed?.Invoke();
    }

    private void Add(Toast toast)
    {
        _shown.Add(toast);
        if (_shown.Count > 4)
        {
            _shown.RemoveAt(0);
        }

        Changed?.Invoke();
    }
}

/// <param name="State"><c>success</c> or <c>failed</c>.</param>
public sealed record Toast(int Id, string State, string Text);
