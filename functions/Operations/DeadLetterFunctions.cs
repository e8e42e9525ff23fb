using System.Globalization;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events.Poison;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

public sealed class DeadLetterFunctions(DeadLetters deadLetters, PoisonWatch poison)
{
    private const string TheLetter = "The dead letter";
    private const int DefaultPage = 50;
    private const int MaxPage = 200;
    private const int MaxId = 64;

    [Function(nameof(ListDeadLetters)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/dead-letters")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "cursor", "limit").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var size = DefaultPage;
        if (request.Query.TryGetValue("limit", out var limit)
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
        {
            return Problems.Invalid("limit", "The page size is out of range.", $"1 to {MaxPage}");
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        if (after is null)
        {
            await poison.LookAsync(cancellationToken); // who asks sees what is there now
        }

        var letters = await deadLetters.Table.ListAsync(after?.Id, size + 1, cancellationToken);
        return WebJson.Ok(letters.Count <= size
            ? new Page<DeadLetter>(letters)
            : new Page<DeadLetter>([.. letters.Take(size)], Cursor.Encode(new Position(letters[size - 1].Id))));
    }

    // Its content is people's data: not for every key that may read.
    [Function(nameof(GetDeadLetter)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> GetDeadLetter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/dead-letters/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        IsId(id) && await deadLetters.Table.FindAsync(id, cancellationToken) is var (letter, text, _)
            ? WebJson.Ok(new WholeDeadLetter(
                letter.Id, letter.Kind, letter.Queue, letter.Reason, letter.At, letter.DequeueCount, letter.Size, letter.ReplayedAt, text, ContentOf(text)))
            : Problems.NotFound(TheLetter);

    [Function(nameof(ReplayDeadLetter)), RequiresScope(Scope.Admin)]
    public async Task<IResult> ReplayDeadLetter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/dead-letters/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        IsId(id) && await deadLetters.ReplayAsync(id, cancellationToken) is { } letter ? WebJson.Ok(letter) : Problems.NotFound(TheLetter);

    [Function(nameof(DeleteDeadLetter)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteDeadLetter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/dead-letters/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        IsId(id) && await deadLetters.Table.DeleteAsync(id, cancellationToken) ? Results.NoContent() : Problems.NotFound(TheLetter);

    private static bool IsId(string id) => id.Length <= MaxId && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static JsonElement? ContentOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(QueueText.Decode(text));
            return document.RootElement.Clone();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private sealed record Position(string Id);
}
