using Samepage.Torture.Histories;

namespace Samepage.Torture.Linear;

/// <summary>A cell: what is read is what was written last.</summary>
internal sealed class RegisterModel : Model<long>
{
    public override long Initial => 0;

    public override IEnumerable<long> Apply(long state, Operation operation) => (LinearCode)operation.Code switch
    {
        LinearCode.Write => [operation.Argument],
        LinearCode.Read when !operation.IsPending && operation.Result != state => [],
        _ => [state],
    };
}

/// <summary>A semaphore: a count between 0 and the most.</summary>
internal sealed class SemaphoreModel(int initial, int maximum) : Model<int>
{
    public override int Initial => initial;

    public override IEnumerable<int> Apply(int state, Operation operation) => (LinearCode)operation.Code switch
    {
        LinearCode.Take when operation.IsPending => state > 0 ? [state - 1] : [state],
        LinearCode.Take when operation.Result == (long)WaitResult.Signaled => state > 0 ? [state - 1] : [],
        LinearCode.Take => state == 0 ? [0] : [],
        LinearCode.Give when operation.IsPending => state < maximum ? [state + 1] : [state],
        LinearCode.Give when operation.Result == 1 => state < maximum ? [state + 1] : [],
        LinearCode.Give => state == maximum ? [state] : [],
        _ => [state],
    };
}

/// <summary>An auto-reset event: set or not.</summary>
internal sealed class AutoEventModel : Model<bool>
{
    public override bool Initial => false;

    public override IEnumerable<bool> Apply(bool state, Operation operation) => (LinearCode)operation.Code switch
    {
        LinearCode.Give => [true],
        LinearCode.Reset => [false],
        LinearCode.Take when operation.IsPending => [false],
        LinearCode.Take when operation.Result == (long)WaitResult.Signaled => state ? [false] : [],
        LinearCode.Take => state ? [] : [false],
        _ => [state],
    };
}

/// <summary>A mutex: who has it, whether its last owner died with it, and who is dead and takes nothing any more.</summary>
internal sealed class MutexModel : Model<MutexModel.State>
{
    public override State Initial => new(0, WasAbandoned: false, Dead: "");

    public override IEnumerable<State> Apply(State state, Operation operation)
    {
        if (state.Dead.Contains($"|{operation.Actor}|", StringComparison.Ordinal))
            return [];
        switch ((LinearCode)operation.Code)
        {
            case LinearCode.Die:
                State dead = state with { Dead = $"{state.Dead}|{operation.Actor}|" };
                return [state.Owner == operation.Actor ? dead with { Owner = 0, WasAbandoned = true } : dead];
            case LinearCode.Give:
                return state.Owner == operation.Actor ? [state with { Owner = 0 }] : [];
            case LinearCode.Take when !operation.IsPending && operation.Result == (long)WaitResult.TimedOut:
                return state.Owner != 0 ? [state] : [];
            case LinearCode.Take:
                bool told = operation.IsPending ? state.WasAbandoned : operation.Result == (long)WaitResult.Abandoned;
                return state.Owner == 0 && told == state.WasAbandoned ? [state with { Owner = operation.Actor, WasAbandoned = false }] : [];
            default:
                return [state];
        }
    }

    internal sealed record State(int Owner, bool WasAbandoned, string Dead);
}

/// <summary>A queue of one lane: first in, first out. The room is more than is sent.</summary>
internal sealed class FifoModel : Model<string>
{
    public override string Initial => "";

    public override IEnumerable<string> Apply(string state, Operation operation) => (LinearCode)operation.Code switch
    {
        LinearCode.Send => [$"{state}{operation.Argument};"],
        LinearCode.Receive when operation.IsPending => [state[(state.IndexOf(';') + 1)..]],
        LinearCode.Receive when operation.Result == 0 => state.Length == 0 ? [state] : [],
        LinearCode.Receive => state.StartsWith($"{operation.Result};", StringComparison.Ordinal) ? [state[(state.IndexOf(';') + 1)..]] : [],
        _ => [state],
    };
}
