namespace Vedette.Engine.Hall;

/// <summary>Tells the owner of a run that its inbox has something new.</summary>
internal interface IRunWake
{
    void Wake(long runId);
}
