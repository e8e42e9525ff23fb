using LeadFunctions.Platform;

namespace LeadFunctions.Lifecycle.Api;

/// <param name="Stage">A stage, or what sales calls what happened: <c>accepted</c>, <c>qualified</c>, <c>rejected</c>, <c>won</c>, <c>lost</c>.</param>
/// <param name="Reason">From the lifecycle's list where it has one for this.</param>
/// <param name="By">Who says so; the API key's name when left out.</param>
/// <param name="Amount">Of what was won or lost, in <paramref name="Currency"/> (ISO 4217).</param>
internal sealed record NewStage(string Stage, string? Reason = null, string? By = null, double? Amount = null, string? Currency = null, string? Note = null);

/// <summary>What people decided about a lead, as the event says it.</summary>
internal sealed record StageChange(string Stage, string? From, string? Outcome, string? Reason, string? By, double? Amount, string? Currency, string? Note, string? Cause)
{
    private const int MaxReason = 2_000;

    /// <summary>What sales calls it, and the stage that it is.</summary>
    private static readonly Dictionary<string, string> Outcomes = new()
    {
        ["accepted"] = Stages.Sal,
        ["qualified"] = Stages.Sql,
        ["rejected"] = Stages.Recycled,
        ["won"] = Stages.Customer,
        ["lost"] = Stages.Recycled,
    };

    /// <summary>All mistakes at once; the change is null when there is any.</summary>
    public static (StageChange? Change, IReadOnlyList<FieldError> Errors) Of(NewStage asked, LifecycleDocument? document)
    {
        var errors = new List<FieldError>();
        var outcome = Outcomes.ContainsKey(asked.Stage) ? asked.Stage : null;
        var stage = outcome is null ? asked.Stage : Outcomes[outcome];
        if (!Stages.All.Contains(stage))
        {
            errors.Add(new("$.stage", "This is not a lifecycle stage.", $"one of {string.Join(", ", Stages.All)}, or of {string.Join(", ", Outcomes.Keys)}"));
        }

        var allowed = document?.Reasons.GetValueOrDefault(outcome ?? stage) ?? document?.Reasons.GetValueOrDefault(stage);
        if (outcome == "rejected" || stage is Stages.Recycled or Stages.Disqualified || outcome == "lost")
        {
            if (string.IsNullOrWhiteSpace(asked.Reason))
            {
                errors.Add(new("$.reason", "Whoever sends a lead back says why.", allowed is { Count: > 0 } ? $"one of {string.Join(", ", allowed)}" : $"text of 1 to {MaxReason} characters"));
            }
        }

        if (asked.Reason is { Length: > MaxReason })
        {
            errors.Add(new("$.reason", "This reason is too long.", $"at most {MaxReason} characters"));
        }
        else if (!string.IsNullOrWhiteSpace(asked.Reason) && allowed is { Count: > 0 } && !allowed.Contains(asked.Reason))
        {
            errors.Add(new("$.reason", "This reason is not on the list.", $"one of {string.Join(", ", allowed)}; say more in \"note\""));
        }

        if (asked.Note is { Length: > MaxReason })
        {
            errors.Add(new("$.note", "This note is too long.", $"at most {MaxReason} characters"));
        }

        if (asked.Amount is { } amount && (!double.IsFinite(amount) || amount < 0))
        {
            errors.Add(new("$.amount", "This is no amount.", "a number of 0 or more"));
        }

        if (asked.Amount is not null != asked.Currency is not null || (asked.Currency is { } currency && !CurrencyCode.IsValid(currency)))
        {
            errors.Add(new("$.currency", "An amount has a currency, and a currency an amount.", "three capital letters as in ISO 4217: EUR"));
        }

        if (asked.By is { Length: > 200 })
        {
            errors.Add(new("$.by", "This name is too long.", "at most 200 characters"));
        }

        return errors.Count > 0 ? (null, errors) : (new(stage, null, outcome, asked.Reason, asked.By, asked.Amount, asked.Currency, asked.Note, null), errors);
    }
}
