using Azure;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Tells trouble with storage from mistakes.</summary>
internal static class Outage
{
    /// <summary>Whether storage refused or did not answer. A call that was tried several times and never answered fails with all of its failures.</summary>
    public static bool IsBehind(Exception exception) =>
        exception is RequestFailedException || (exception is AggregateException several && several.InnerExceptions.All(IsBehind));
}
