using LeadFunctions.Access;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Lifecycle.Notes;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>What people write down about leads, and find again.</summary>
public sealed class NoteFunctions(LeadReader leads, EventsByHand byHand, NotesTable notes)
{
    private const int MaxText = 2_000;

    /// <summary>Notes that one request looks through: then it answers with what it has found, and where to go on.</summary>
    private const int MostRead = 5_000;

    [Function(nameof(AddLeadNote)), RequiresScope(Scope.Sales)]
    public Task<IResult> AddLeadNote(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/notes")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        byHand.ChangeAsync<NewNote>(request, id, async (lead, body) =>
            body.Text.Trim().Length is 0 or > MaxText ? Problems.Invalid("$.text", "A note is empty or too long.", $"1 to {MaxText} characters")
            : await byHand.AcceptAsync(byHand.Telling(StageEvents.NoteAdded, lead, new { text = body.Text.Trim(), by = body.By ?? Caller.Of(request).Name }), lead.Id), cancellationToken);

    /// <summary>Those in which each word of <c>q</c> begins some word of the text or of who wrote it; newest first.</summary>
    [Function(nameof(FindNotes)), ShowsPeople, RequiresScope(Scope.Sales, Scope.Read)]
    public async Task<IResult> FindNotes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/notes")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = SearchRequest<Position>.Parse(request.Query);
        if (asked.Problem is { } problem)
        {
            return problem;
        }

        var (found, read, last) = (new List<FoundNote>(), 0, (string?)null);
        await foreach (var note in notes.ReadAsync(asked.After?.Key, cancellationToken))
        {
            if (found.Count == asked.Limit || read++ == MostRead)
            {
                return await ShowAsync(found, last, cancellationToken);
            }

            last = note.Key;
            var text = FoldedText.Bytes($"{note.Note.Text} {note.Note.By}");
            if (asked.Words.All(word => FoldedText.AnyWordStartsWith(text, word)))
            {
                found.Add(note);
            }
        }

        return await ShowAsync(found, null, cancellationToken);
    }

    /// <summary>Each under the lead as it is called now; without those of leads that are no more.</summary>
    private async Task<IResult> ShowAsync(IReadOnlyList<FoundNote> found, string? next, CancellationToken cancellationToken)
    {
        var ids = found.Select(note => note.LeadId).Distinct().ToList();
        var now = (await Task.WhenAll(ids.Select(id => leads.FindAsync(id, cancellationToken)))).Zip(ids).Where(pair => pair.First is not null).ToDictionary(pair => pair.Second, pair => pair.First!);
        return WebJson.Ok(new Page<ShownNote>(
            [.. from note in found where now.ContainsKey(note.LeadId) let lead = now[note.LeadId] select new ShownNote(lead.Id, lead.Whole.Name, lead.Whole.Company, note.Note.At, note.Note.By, note.Note.Text)],
            next is null ? null : Cursor.Encode(new Position(next))));
    }

    internal sealed record NewNote(string Text, string? By = null);

    internal sealed record ShownNote(string LeadId, string? Name, string? Company, DateTimeOffset At, string? By, string Text);

    internal sealed record Position(string Key);
}
