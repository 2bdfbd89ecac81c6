using Microsoft.JSInterop;

namespace Vedette.Console.Shell;

/// <summary>The few things that only the browser can do. A browser that has gone meanwhile is no mistake.</summary>
internal sealed class Browser(IJSRuntime script)
{
    public ValueTask Start(DotNetObjectReference<Keys> keys) => Call("vedette.start", keys);

    public ValueTask Copy(string text) => Call("vedette.copy", text);

    /// <summary>Puts the focus on the first field or button inside an element.</summary>
    public ValueTask FocusIn(string id) => Call("vedette.focusIn", id);

    /// <summary>Brings a row into sight.</summary>
    public ValueTask Show(string id) => Call("vedette.show", id);

    /// <summary>What was typed is stored: the browser need not keep it any more.</summary>
    public ValueTask ForgetDraft(string name) => Call("vedette.forget", name);

    public ValueTask ToggleTheme() => Call("vedette.toggleTheme");

    public ValueTask Set(string name, string value) => Call("vedette.set", name, value);

    public async ValueTask<string?> Get(string name)
    {
        try
        {
            return await script.InvokeAsync<string?>("vedette.get", name);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The seat is over: the page is loaded anew, which asks to sign in where that is needed.</summary>
    public ValueTask Leave() => Call("vedette.leave");

    public ValueTask SignOut() => Call("vedette.signOut");

    private async ValueTask Call(string name, params object?[] arguments)
    {
        try
        {
            await script.InvokeVoidAsync(name, arguments);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or TaskCanceledException)
        {
            // Gone.
        }
    }
}
