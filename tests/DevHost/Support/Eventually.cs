namespace DevHost.Tests.Support;

/// <summary>Waits for what comes about by itself, until a deadline; never for a fixed time.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    internal static Task BeTrueAsync(Func<bool> condition, Func<string> otherwise, TimeSpan? patience = null) => BeTrueAsync(() => Task.FromResult(condition()), otherwise, patience);

    internal static async Task BeTrueAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan? patience = null)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (patience ?? Patience), otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
