namespace Vedette.Engine.Playbooks.Workers;

/// <summary>Thrown by a call to raise an exception in the playbook.</summary>
public sealed class TurnCallException(string pythonType, string message) : Exception(message)
{
    /// <summary>A built-in exception of Python, such as <c>ValueError</c>, or <c>NotAvailable</c>; an unknown one becomes <c>RuntimeError</c>.</summary>
    public string PythonType { get; } = pythonType;
}
