using System.Globalization;

namespace Vedette.Terminal;

/// <summary>One line per thing that happened, for a pipe or a log.</summary>
static class PlainLines
{
    internal static string Of(RunEvent told) => told switch
    {
        RunEvent.AlertSent alert => $"alert     {SafeText.Of(alert.Name)}  {SafeText.Of(alert.Link)}",
        RunEvent.RunStarted run => $"playbook  {SafeText.Of(run.Playbook)}",
        RunEvent.BlockStarted block => $"start     {SafeText.Of(block.Name)}  {SafeText.Of(block.What)}",
        RunEvent.BlockEnded ended =>
            $"{(ended.Ok ? "done  " : "failed")}    {SafeText.Of(ended.Name)}  {Milliseconds(ended.Milliseconds)}  {SafeText.Of(ended.Sentence)}",
        RunEvent.Finding finding => $"finding   {SafeText.Of(finding.Sentence)}",
        RunEvent.TicketOpened ticket => $"ticket    {SafeText.Of(ticket.Number)}  {SafeText.Of(ticket.Link)}",
        RunEvent.RunEnded run => $"ended     {SafeText.Of(run.Status)}",
        _ => throw new ArgumentOutOfRangeException(nameof(told), told.GetType().Name, "The terminal does not know this event."),
    };

    internal static string Milliseconds(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms";
}
