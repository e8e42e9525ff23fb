using System.Runtime.CompilerServices;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <summary>All leads, for as long as somebody waits for an answer: a gateway that gives up after 30 s, or a person who does sooner, has one by then.</summary>
internal sealed class BriefScan(LeadScan everybody, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Leads that were answered.</summary>
    public int Looked { get; private set; }

    /// <summary>The last of them when time was up; null when that was all.</summary>
    public string? StoppedAt { get; private set; }

    /// <inheritdoc cref="LeadScan.ReadAsync"/>
    public async IAsyncEnumerable<LeadState> ReadAsync(string? after, AskedHistory asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await foreach (var lead in everybody.ReadAsync(after, asked, cancellationToken))
        {
            Looked++;
            yield return lead;
            if (time.GetElapsedTime(began) > Patience)
            {
                StoppedAt = lead.Id;
                yield break;
            }
        }
    }
}
