using System.Text;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Platform;

/// <summary>Whose fault an exception is, and what to do about it.</summary>
internal static class Verdicts
{
    private static readonly HashSet<string> OfWrongShape = ["TypeError", "ValueError", "KeyError", "IndexError", "AttributeError", "JSONDecodeError", "StopIteration", "ZeroDivisionError"];

    public static TrialError Of(TurnEnd.Raised raised, TurnOrder order, bool madeUp)
    {
        var line = LineOf(order, raised.Line);
        var (kind, advice) = raised.Type switch
        {
            "NotAvailable" => (ErrorKind.Api, "Leave it out, or tell us what the playbook needs it for."),
            "TypeError" when raised.Message.Contains("unexpected keyword argument", StringComparison.Ordinal) && line.Contains("phantom.", StringComparison.Ordinal)
                => (ErrorKind.Api, "Vedette's function takes no such argument: leave it out, or tell us what it is for."),
            "AttributeError" when raised.Message.StartsWith("module 'phantom", StringComparison.Ordinal) => (ErrorKind.Api, "Vedette does not know this name: leave it out, or tell us what it is for."),
            "ModuleNotFoundError" or "ImportError" => (ErrorKind.Api, "Install the module where VEDETTE_PYTHON_PACKAGES says playbooks find their packages, or do without it."),
            _ when madeUp && OfWrongShape.Contains(raised.Type) => (ErrorKind.Answer, $"An answer that was made up may not have the shape this code expects: give the answer in the playbook's .tests.yaml, under \"answers\"."),
            _ => (ErrorKind.Playbook, $"Correct {order.SourceName}, line {raised.Line}, or expect \"status: failed\" in the test if it is meant to end so."),
        };
        var where = line.Length == 0 ? "" : $" at \"{line}\"";
        return new TrialError(kind, $"{raised.Type}: {raised.Message.TrimEnd('.')}{where}. {advice}", raised.Line, order.Function);
    }

    private static string LineOf(TurnOrder order, int line)
    {
        var lines = Encoding.UTF8.GetString(order.Source.Span).Split('\n');
        return line < 1 || line > lines.Length ? "" : lines[line - 1].Trim();
    }
}
