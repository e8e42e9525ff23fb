namespace LeadFunctions.Tests.Support;

/// <summary>Waits for what comes about by itself: asks again and again until a deadline, and never sleeps for a fixed time.</summary>
public static class Poll
{
    /// <exception cref="TimeoutException">The condition did not hold within <paramref name="patience"/> (30 s when null).</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan? patience = null) => UntilAsync(() => Task.FromResult(condition()), patience);

    /// <inheritdoc cref="UntilAsync(Func{bool}, TimeSpan?)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? TimeSpan.FromSeconds(30)))
            {
                throw new TimeoutException("What the test waits for did not come about.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
