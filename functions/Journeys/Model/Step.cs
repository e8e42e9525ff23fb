using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Journeys.Model;

/// <summary>One step of a journey. Its id is unique in the document and means the same step in every version.</summary>
/// <param name="Path">Where it stands in the document, for messages.</param>
internal abstract partial record Step(string Id, string? Name, Lateness? Late, string Path)
{
    /// <summary>As documents write it.</summary>
    public abstract string Type { get; }

    /// <summary>The blocks of steps inside, by the name of the path that leads there.</summary>
    public virtual IReadOnlyList<StepBlock> Blocks => [];

    /// <param name="Data">Extra values for the template, with placeholders; undefined when there are none.</param>
    /// <param name="Urgent">Goes out in quiet hours and over the frequency caps.</param>
    /// <param name="Priority">What goes first when a cap leaves room for one: <c>low</c>, <c>normal</c> or <c>high</c>; null: normal.</param>
    /// <param name="IsService">That it asks for no consent is meant.</param>
    public sealed record Send(string Id, string? Name, Lateness? Late, string Path, string Template, string Channel, string? Topic, JsonElement Data, bool Urgent, string? Priority = null, bool IsService = false)
        : Step(Id, Name, Late, Path)
    {
        public override string Type => "send";
    }

    public sealed record Wait(string Id, string? Name, Lateness? Late, string Path, WaitTime Time) : Step(Id, Name, Late, Path)
    {
        public override string Type => "wait";
    }

    /// <param name="Timeout">Null: for ever.</param>
    /// <param name="OnlyFromHere">Events from before the step was reached do not count; by default all since the run began do.</param>
    public sealed record WaitFor(
        string Id, string? Name, Lateness? Late, string Path, JourneyCondition When, Duration? Timeout, bool OnlyFromHere, IReadOnlyList<Step> Then, IReadOnlyList<Step> Else)
        : Step(Id, Name, Late, Path)
    {
        /// <summary>The content that the lead is offered on the site meanwhile, a click in which is what is waited for; null: nothing is offered.</summary>
        public string? Content { get; init; }

        public override string Type => Content is null ? "waitFor" : "onSite";

        public override IReadOnlyList<StepBlock> Blocks => [new("then", Then), new("else", Else)];
    }

    /// <summary>The first path whose condition holds.</summary>
    public sealed record Branch(string Id, string? Name, Lateness? Late, string Path, IReadOnlyList<BranchPath> Paths, IReadOnlyList<Step> Else) : Step(Id, Name, Late, Path)
    {
        public override string Type => "branch";

        public override IReadOnlyList<StepBlock> Blocks => [.. Paths.Select(path => new StepBlock(path.Name, path.Steps)), new("else", Else)];
    }

    /// <param name="Salt">Two splits with one salt send a lead the same way, given the same weights; null: the step's id.</param>
    public sealed record Split(string Id, string? Name, Lateness? Late, string Path, IReadOnlyList<SplitPath> Paths, string? Salt) : Step(Id, Name, Late, Path)
    {
        public override string Type => "split";

        public override IReadOnlyList<StepBlock> Blocks => [.. Paths.Select(path => new StepBlock(path.Name, path.Steps))];
    }

    public sealed record SetTraits(string Id, string? Name, Lateness? Late, string Path, JsonElement Traits) : Step(Id, Name, Late, Path)
    {
        public override string Type => "setTraits";
    }

    public sealed record AddPoints(string Id, string? Name, Lateness? Late, string Path, double Points, string? Reason) : Step(Id, Name, Late, Path)
    {
        public override string Type => "addPoints";
    }

    public sealed record ChangeList(string Id, string? Name, Lateness? Late, string Path, string List, bool Adds) : Step(Id, Name, Late, Path)
    {
        public override string Type => Adds ? "addToList" : "removeFromList";
    }

    public sealed record SetStage(string Id, string? Name, Lateness? Late, string Path, string Stage, string? Reason) : Step(Id, Name, Late, Path)
    {
        public override string Type => "setStage";
    }

    public sealed record NotifySales(string Id, string? Name, Lateness? Late, string Path, string? Reason) : Step(Id, Name, Late, Path)
    {
        public override string Type => "notifySales";
    }

    /// <param name="Headers">With placeholders.</param>
    /// <param name="Body">With placeholders; undefined: the run and the lead.</param>
    /// <param name="SaveAs">The JSON answer is <c>saved.{name}</c> from then on.</param>
    public sealed record Webhook(
        string Id, string? Name, Lateness? Late, string Path, string Url, string Method, IReadOnlyDictionary<string, string> Headers, JsonElement Body, string? SaveAs)
        : Step(Id, Name, Late, Path)
    {
        public override string Type => "webhook";
    }

    public sealed record StartJourney(string Id, string? Name, Lateness? Late, string Path, string Journey, JsonElement Data) : Step(Id, Name, Late, Path)
    {
        public override string Type => "startJourney";
    }

    /// <param name="While">Asked before each round; null: always.</param>
    public sealed record Repeat(string Id, string? Name, Lateness? Late, string Path, int Max, JourneyCondition? While, IReadOnlyList<Step> Steps) : Step(Id, Name, Late, Path)
    {
        public override string Type => "repeat";

        public override IReadOnlyList<StepBlock> Blocks => [new("steps", Steps)];
    }

    public sealed record Track(string Id, string? Name, Lateness? Late, string Path, string Event, JsonElement Properties) : Step(Id, Name, Late, Path)
    {
        public override string Type => "track";
    }

    public sealed record Exit(string Id, string? Name, Lateness? Late, string Path, string? Reason) : Step(Id, Name, Late, Path)
    {
        public override string Type => "exit";
    }
}

/// <summary>Steps that are walked one after the other.</summary>
internal sealed record StepBlock(string Name, IReadOnlyList<Step> Steps);

internal sealed record BranchPath(string Name, JourneyCondition When, IReadOnlyList<Step> Steps);

internal sealed record SplitPath(string Name, double Weight, IReadOnlyList<Step> Steps);

/// <summary>Until when a <see cref="Step.Wait"/> waits.</summary>
internal abstract record WaitTime
{
    private WaitTime()
    {
    }

    public sealed record For(Duration Length) : WaitTime;

    /// <summary>A trait's date; no wait when the lead has none or it has passed.</summary>
    public sealed record UntilDate(DateRule Rule) : WaitTime;

    /// <summary>The next time the clock of the lead shows this, on one of these days.</summary>
    public sealed record UntilTime(TimeOnly At, IReadOnlyList<DayOfWeek> Days) : WaitTime;

    /// <summary>Not at all inside the window, otherwise until it opens.</summary>
    public sealed record InWindow(Window Window) : WaitTime;
}
