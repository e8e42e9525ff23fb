using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>Contacts that somebody enters by hand: a business card, a call.</summary>
public sealed class ContactFunctions(LeadReader leads, RulesInEffect rules, EventWriter events, TimeProvider time)
{
    [Function(nameof(EnterContact)), RequiresScope(Scope.Sales, Scope.Marketer)]
    public async Task<IResult> EnterContact(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (contact, problem) = await RequestBody.ReadJsonAsync<NewContact>(request, cancellationToken);
        if (contact is null)
        {
            return problem!; // one of the two is always set
        }

        var now = time.GetUtcNow();
        var buffer = EventBuffer.Rent();
        try
        {
            var entry = new ContactEntry(contact, contact.By ?? Caller.Of(request).Name, contact.Id ?? Guid.CreateVersion7(now).ToString("N"), now);
            if (entry.Write(buffer, rules.Current.Segments).ToList() is [_, ..] errors)
            {
                return Problems.Invalid(errors);
            }

            if (await leads.FindErasedAsync(entry.Names, cancellationToken) is not null)
            {
                return Problems.Conflict("This person was erased.", "Only they can come back: by a form that they send.");
            }

            // Who was here before goes on under the id that they have.
            IReadOnlyList<Identity> names = entry.Names;
            var known = await leads.FindAsync(names, cancellationToken);
            return await events.TryWriteAsync(buffer, now)
                ? WebJson.Accepted(new EnteredContact(entry.EventId, known is [var first, ..] ? first.Id : names[0].Hash(), known.Count > 0))
                : Problems.Unavailable(retryAfterSeconds: 2);
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <param name="EventId">Appears in the timeline once it is applied.</param>
    /// <param name="Existing">Somebody with this address or user id was known before.</param>
    internal sealed record EnteredContact(string EventId, string LeadId, bool Existing);
}
