using LeadFunctions.Access;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Api;

/// <summary>What was taken for spam, for people to look at: what is none after all is let through.</summary>
public sealed class SpamFunctions(DefinitionsTable definitions, FormStore forms, FormsTable table, FormFiles files, FormIntake intake, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    // It is what people typed: not for every key that may read.
    [Function(nameof(ListFormSpam)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> ListFormSpam(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/spam")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "cursor", "limit")];
        var size = DefaultPage;
        if (request.Query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
        {
            errors.Add(new("limit", "The page size is out of range.", $"1 to {MaxPage}"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        SpamPosition? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        if (!DefinitionId.IsValid(id) || await definitions.FindAsync(FormStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound("The form");
        }

        var (page, isMore) = await table.ListSpamAsync(id, after?.Id, size, time.GetUtcNow(), spam => files.ForgetHeldAsync(id, spam.Sending.Id, cancellationToken), cancellationToken);
        return WebJson.Ok(new Page<ListedSpam>([.. page.Select(ListedSpam.Of)], isMore ? Cursor.Encode(new SpamPosition(page[^1].Id)) : null));
    }

    /// <summary>It was a person: what they sent counts, as of when they sent it.</summary>
    [Function(nameof(ReleaseFormSpam)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ReleaseFormSpam(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/forms/{id}/spam/{spamId}/release")] HttpRequest request, string id, string spamId, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || !IsId(spamId) || await table.FindSpamAsync(id, spamId, cancellationToken) is not { } spam || forms.Find(id, spam.Version) is not { } form)
        {
            return Problems.NotFound("What was kept apart");
        }

        var local = new LocalForm(form, spam.Sending.Locale);
        var ticket = spam.Asked is { } asked ? new FormTicket(form.Version, spam.Sending.At, "", asked) : null;
        var sent = new SentForm(spam.Values) { Files = await HeldAsync(spam, cancellationToken) };

        // A file that there was no room for is gone: what they sent cannot fail by that.
        var read = ReadForm.Of(local, sent, field => !spam.Files.Any(file => file.Field == field.Name && !sent.Files.ContainsKey(file.Field)) && (ticket?.WasAsked(form.Document, field) ?? true));
        if (read.Faults.Count > 0)
        {
            return Problems.Conflict("The form would not have taken it from anybody.", string.Join(" ", read.Faults.Select(fault => $"{fault.Field}: {fault.Message}")));
        }

        // Forgotten last: released twice it counts once.
        await intake.KeepFilesAsync(id, read, sent, spam.Sending, cancellationToken);
        if (await intake.StoreAsync(local, read, spam.Sending, ticket, time.GetUtcNow(), cancellationToken) is { } problem)
        {
            return problem;
        }

        await files.ForgetHeldAsync(id, spam.Sending.Id, cancellationToken);
        await table.ForgetSpamAsync(id, spamId, cancellationToken);
        return WebJson.Accepted(new ReleasedForm(spam.Sending.Id));
    }

    private async Task<IReadOnlyDictionary<string, SentFile>> HeldAsync(KeptSpam spam, CancellationToken cancellationToken)
    {
        var held = new Dictionary<string, SentFile>();
        foreach (var file in spam.Files.Where(file => file.Held))
        {
            if (await files.FindHeldAsync(spam.Form, spam.Sending.Id, file.Field, cancellationToken) is { } content)
            {
                held[file.Field] = new(file.Name, content);
            }
        }

        return held;
    }

    private static bool IsId(string text) => text.Length <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private sealed record SpamPosition(string Id);
}
