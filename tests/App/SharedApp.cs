using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests;

/// <summary>
/// One host with one worker on one account for all tests of a class, or of a collection: they keep apart by ids. Each test borrows it, so that an error that the app logs fails the test it belongs to.
/// </summary>
public class SharedApp : IAsyncLifetime
{
    private readonly DateTimeOffset? _now;
    private readonly IReadOnlyDictionary<string, string>? _settings;
    private readonly bool _logsAll;
    private readonly List<TestApp> _apps = [];

    public SharedApp()
        : this(null)
    {
    }

    /// <summary>As <see cref="TestApp.StartAsync"/> takes them.</summary>
    protected SharedApp(DateTimeOffset? now, IReadOnlyDictionary<string, string>? settings = null, bool logsAll = false) => (_now, _settings, _logsAll) = (now, settings, logsAll);

    public async Task InitializeAsync() => _apps.Add(await TestApp.StartAsync(App.Build, _settings, now: _now, logsAll: _logsAll));

    /// <summary>For one test, which disposes it.</summary>
    internal TestApp Borrow() => _apps[0].Borrow();

    /// <summary>Another instance on the same account, for one test; started for the first that asks.</summary>
    internal async Task<TestApp> BorrowSecondAsync()
    {
        if (_apps.Count == 1)
        {
            _apps.Add(await TestApp.StartAsync(App.Build, _settings, _apps[0].ConnectionString));
        }

        return _apps[1].Borrow();
    }

    public async Task DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }
}

/// <summary>Who asks the management API, and leaves what is live as it was.</summary>
[CollectionDefinition(nameof(OneManagedApp))]
public sealed class OneManagedApp : ICollectionFixture<SharedApp>;
