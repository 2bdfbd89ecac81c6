namespace Vedette.Engine.Actions;

/// <summary>What is said of a system whose time to answer is over.</summary>
internal static class NoAnswer
{
    public static string Of(Apps.ActionTarget target) =>
        $"{target.Connector.Manifest.Name}, asset \"{target.Asset.Name}\", did not answer within {target.AnswerWithin.TotalSeconds:0.###} seconds: it is slow or stands still; try again later.";
}
