using System.Text;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Platform;

public sealed class DefinitionsTableTests
{
    private const string Kind = "thing";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_version_never_changes_and_the_same_text_makes_no_new_one()
    {
        var table = await NewTableAsync();

        var first = await table.SaveDraftAsync(Kind, "a", "{\"x\":1}", null, None);
        var same = await table.SaveDraftAsync(Kind, "a", "{\"x\":1}", null, None);
        var second = await table.SaveDraftAsync(Kind, "a", "{\"x\":2}", null, None);

        Assert.Equal((true, true, 1), (first.IsNew, first.IsChanged, first.Pointer.Latest));
        Assert.Equal((false, false, 1), (same.IsNew, same.IsChanged, same.Pointer.Latest));
        Assert.Equal(first.Pointer.ETag, same.Pointer.ETag);
        Assert.Equal((false, true, 2), (second.IsNew, second.IsChanged, second.Pointer.Latest));
        Assert.NotEqual(first.Pointer.ETag, second.Pointer.ETag);
        Assert.Equal("{\"x\":1}", (await table.FindVersionAsync(Kind, "a", 1, None))?.Json);
        Assert.Equal([1, 2], (await table.ListVersionsAsync(Kind, "a", None)).Select(v => v.Version));
        Assert.Null(await table.FindLiveAsync(Kind, "a", None));
        Assert.Equal(0, await table.RevisionAsync(Kind, None));
    }

    [Fact]
    public async Task A_draft_leaves_a_quiet_publication_quiet_and_a_second_person_takes_the_quiet_over_unless_they_say_otherwise()
    {
        var table = await NewTableAsync();
        await table.SaveDraftAsync(Kind, "a", "1", null, None);
        await table.PublishAsync(Kind, "a", null, isExclusive: false, None, isQuiet: true);
        await table.SaveDraftAsync(Kind, "a", "2", null, None);
        Assert.NotNull((await table.FindAsync(Kind, "a", None))?.QuietSince);

        Person ann = new("k1", "Ann"), bob = new("k2", "Bob");
        foreach (var (said, isQuiet) in new[] { ((bool?)null, true), (false, false), (null, true) })
        {
            await table.PublishAsync(Kind, "a", null, isExclusive: false, None, ann, isQuiet: true);
            Assert.True((await table.FindAsync(Kind, "a", None))?.Proposal?.IsQuiet);
            await table.PublishAsync(Kind, "a", null, isExclusive: false, None, bob, said);
            Assert.Equal((isQuiet, true), ((await table.FindAsync(Kind, "a", None)) is { QuietSince: not null }, (await table.FindAsync(Kind, "a", None)) is { Proposal: null }));
            await table.SaveDraftAsync(Kind, "a", Guid.NewGuid().ToString("N"), null, None);
        }

        await table.SaveLiveAsync(Kind, "a", "loud", null, None);
        Assert.Null((await table.FindAsync(Kind, "a", None))?.QuietSince);
    }

    [Fact]
    public void What_was_in_effect_before_it_was_written_down_or_is_forgotten_counts_from_the_beginning()
    {
        var at = new DateTimeOffset(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);
        var pointer = new DefinitionPointer(Kind, "a", Latest: 2, Live: 1, Published: [1], at).With(2, at);
        Assert.Equal([new Effect(default, 1), new Effect(at, 2)], pointer.Effects);

        for (var version = 3; version <= 2 * DefinitionPointer.MostEffects; version++)
        {
            pointer = pointer.With(version, at.AddDays(version));
        }

        Assert.Equal(DefinitionPointer.MostEffects, pointer.Effects.Count);
        Assert.Equal([new Effect(default, DefinitionPointer.MostEffects + 1), new Effect(at.AddDays(DefinitionPointer.MostEffects + 2), DefinitionPointer.MostEffects + 2)], pointer.Effects.Take(2));
        Assert.Equal([new Effect(at, 1)], new DefinitionPointer(Kind, "b", Latest: 1, Live: null, Published: [], at).With(1, at).Effects); // there was none
    }

    [Fact]
    public async Task Publishing_raises_the_revision_and_publishing_again_changes_nothing()
    {
        var table = await NewTableAsync();
        await table.SaveDraftAsync(Kind, "a", "1", null, None);
        await table.SaveDraftAsync(Kind, "a", "2", null, None);

        var older = await table.PublishAsync(Kind, "a", 1, isExclusive: false, None);
        var latest = await table.PublishAsync(Kind, "a", null, isExclusive: false, None);
        var again = await table.PublishAsync(Kind, "a", 2, isExclusive: false, None);

        Assert.Equal((1, true), (older!.Pointer.Live!.Value, older.IsChanged));
        Assert.Equal([("a", 1)], latest!.Before);
        Assert.Equal((2, true), (latest.Pointer.Live!.Value, latest.IsChanged));
        Assert.False(again!.IsChanged);
        Assert.Equal([1, 2], again.Pointer.Published);
        Assert.Equal("2", (await table.FindLiveAsync(Kind, "a", None))?.Json);
        Assert.Equal(2, await table.RevisionAsync(Kind, None));
        Assert.Null(await table.PublishAsync(Kind, "a", 3, isExclusive: false, None));
        Assert.Null(await table.PublishAsync(Kind, "b", null, isExclusive: false, None));
    }

    [Fact]
    public async Task Of_a_kind_published_exclusively_one_document_is_in_effect_whoever_publishes_at_the_same_time()
    {
        var table = await NewTableAsync();
        string[] ids = ["a", "b", "c", "d"];
        foreach (var id in ids)
        {
            await table.SaveDraftAsync(Kind, id, "1", null, None);
        }

        await Task.WhenAll(ids.Select(id => table.PublishAsync(Kind, id, null, isExclusive: true, None)));

        Assert.Single(await table.ListAsync(Kind, None), p => p.Live is not null);
        Assert.Equal(4, await table.RevisionAsync(Kind, None));
    }

    [Fact]
    public async Task Writers_at_the_same_time_lose_nothing()
    {
        var table = await NewTableAsync();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => table.SaveDraftAsync(Kind, "a", $"{i:D2}", null, None)));

        var versions = await Task.WhenAll(Enumerable.Range(1, 30).Select(v => table.FindVersionAsync(Kind, "a", v, None)));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i:D2}"), versions.Select(v => v!.Json).Order());
    }

    [Fact]
    public async Task Many_instances_that_change_one_document_at_the_same_time_all_get_their_turn()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var tables = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => NewTableAsync(account: account)));

        await Task.WhenAll(tables.SelectMany((table, t) => Enumerable.Range(0, 3).Select(i => table.SaveLiveAsync(Kind, "a", $"{t}-{i}", null, None))));

        Assert.Equal(48, (await tables[0].FindAsync(Kind, "a", None))!.Latest);
        Assert.Equal(48, await tables[0].RevisionAsync(Kind, None));
    }

    [Fact]
    public async Task What_changes_after_it_was_found_fit_to_be_deleted_is_not_deleted_though_nobody_named_a_version()
    {
        var table = await NewTableAsync();
        var requests = new DefinitionRequests<string>(table, Kind, "thing", "/api/things", _ => [], (pointer, _, _) => Task.FromResult(pointer.Id));
        await table.SaveDraftAsync(Kind, "a", "1", null, None);

        Assert.Equal(StatusCodes.Status409Conflict, Status(await DeleteAsync(_ => Task.FromResult<IResult?>(Results.Conflict()))));
        var lost = await DeleteAsync(async draft =>
        {
            await table.PublishAsync(Kind, draft.Id, null, isExclusive: false, None); // somebody else, just then
            return null;
        });
        Assert.Equal(StatusCodes.Status412PreconditionFailed, Status(lost));
        Assert.NotNull(await table.FindLiveAsync(Kind, "a", None));

        Assert.Equal(StatusCodes.Status204NoContent, Status(await DeleteAsync(_ => Task.FromResult<IResult?>(null))));
        Assert.Null(await table.FindAsync(Kind, "a", None));

        Task<IResult> DeleteAsync(Func<DefinitionPointer, Task<IResult?>> refuse) => requests.DeleteAsync(new DefaultHttpContext().Request, "a", () => Task.FromResult(Results.NoContent()), None, refuse: refuse);

        static int? Status(IResult answer) => answer is ProblemResult problem ? problem.Problem.Status : ((IStatusCodeHttpResult)answer).StatusCode;
    }

    [Fact]
    public async Task Of_writers_who_expect_that_there_is_nothing_one_creates_it()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var (table, other) = (await NewTableAsync(account: account), await NewTableAsync(account: account));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return (await (i % 2 == 0 ? table : other).SaveLiveAsync(Kind, "a", $"{i}", DefinitionsTable.Nothing, None)).IsNew;
            }
            catch (DefinitionChangedException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, isNew => isNew);
        Assert.Equal(1, (await table.FindAsync(Kind, "a", None))!.Latest);
    }

    [Fact]
    public async Task A_writer_who_expects_an_older_state_is_told()
    {
        var table = await NewTableAsync();
        var first = await table.SaveDraftAsync(Kind, "a", "1", null, None);
        var second = await table.SaveDraftAsync(Kind, "a", "2", first.Pointer.ETag, None);

        var lost = await Assert.ThrowsAsync<DefinitionChangedException>(() => table.SaveDraftAsync(Kind, "a", "3", first.Pointer.ETag, None));

        Assert.Equal(second.Pointer.ETag, lost.CurrentETag);
    }

    [Fact]
    public async Task A_deleted_document_is_gone_and_its_version_numbers_are_not_used_again()
    {
        var table = await NewTableAsync();
        await table.SaveLiveAsync(Kind, "a", "1", null, None);

        Assert.True(await table.DeleteAsync(Kind, "a", null, None));

        Assert.False(await table.DeleteAsync(Kind, "a", null, None));
        Assert.Null(await table.FindAsync(Kind, "a", None));
        Assert.Empty(await table.ListAsync(Kind, None));
        Assert.Null(await table.FindVersionAsync(Kind, "a", 1, None));
        var back = await table.SaveLiveAsync(Kind, "a", "1", null, None);
        Assert.Equal((true, 2), (back.IsNew, back.Pointer.Latest));
    }

    /// <summary>It lost the first version of the new one: whoever asked for it got an error from then on.</summary>
    [Fact]
    public async Task Whoever_takes_the_id_while_the_old_versions_go_keeps_theirs()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var (table, other) = (await NewTableAsync(account: account), await NewTableAsync(account: account));
        await table.SaveLiveAsync(Kind, "a", "1", null, None);
        table.Changed += kind => other.SaveDraftAsync(kind, "a", "2", null, None).GetAwaiter().GetResult(); // it is gone, and its versions are still there

        Assert.True(await table.DeleteAsync(Kind, "a", null, None));

        Assert.Equal("2", (await other.FindVersionAsync(Kind, "a", 2, None))?.Json);
        Assert.Null(await other.FindVersionAsync(Kind, "a", 1, None));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public async Task A_document_of_any_length_comes_back_as_it_was(int length)
    {
        var table = await NewTableAsync();
        var random = new Random(1);
        var text = new StringBuilder("\"ż\"");
        while (text.Length < length)
        {
            text.Append((char)random.Next('a', 'z'));
        }

        await table.SaveDraftAsync(Kind, "long", text.ToString(), null, None);

        Assert.Equal(text.ToString(), (await table.FindVersionAsync(Kind, "long", 1, None))?.Json);
    }

    internal static async Task<DefinitionsTable> NewTableAsync(TimeProvider? time = null, string? account = null)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = account ?? await Emulator.NewSharedAccountAsync() };
        var storage = StorageClients.From(configuration);
        await storage.Table(DefinitionsTable.Name).CreateIfNotExistsAsync();
        return new DefinitionsTable(storage, time ?? TimeProvider.System);
    }
}
