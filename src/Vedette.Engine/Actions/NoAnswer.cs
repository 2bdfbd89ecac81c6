using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>What is said of a system whose time to answer is over. Of an action that changes something nothing may read like "do it again".</summary>
internal static class NoAnswer
{
    public static string Of(Apps.ActionTarget target) =>
        $"{target.Connector.Manifest.Name}, asset \"{target.Asset.Name}\", did not answer within {target.AnswerWithin.TotalSeconds:0.###} seconds."
        + (target.Action.Reach == Reach.Reads ? " It is slow or stands still; try again later." : "");
}
