using Microsoft.DurableTask.Client;

namespace LeadFunctions.Scoring.Api;

/// <summary>Whoever watches scores hears when another model counts: it changes them all at once, without an event. Who watches is no business of the models.</summary>
public interface IScoresChanged
{
    /// <param name="publication">Names it: the same one may be told of again, and counts once.</param>
    Task HandleAsync(string publication, DurableTaskClient client, CancellationToken cancellationToken);
}
