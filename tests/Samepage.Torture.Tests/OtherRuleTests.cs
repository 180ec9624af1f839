using Samepage.Torture.Checking;
using Samepage.Torture.Soak;

namespace Samepage.Torture.Tests;

/// <summary>The rules of lifetime, several, tethers, pipes, cells and services, each with what keeps it and what breaks it.</summary>
public class OtherRuleTests
{
    private const long Abandoned = (long)WaitResult.Abandoned, TimedOut = (long)WaitResult.TimedOut;

    private static long Id(uint number) => MessageId.Of(1, 0, number);

    [Fact]
    public void A_name_means_one_object_for_as_long_as_anybody_has_it()
    {
        Told Two(long secondMark, long secondFrom) => new Told()
            .Did(1, LifeCode.Open, 1, 2, 0, 7).Did(1, LifeCode.Close, 10, 12, 7).Did(2, LifeCode.Open, secondFrom - 1, secondFrom, 0, secondMark).Did(2, LifeCode.Close, 30, 31, secondMark);
        Assert.Null(LifeRules.OneAtATime.Check(Two(7, 5).History));
        Assert.NotNull(LifeRules.OneAtATime.Check(Two(8, 5).History));
        Assert.Null(LifeRules.OneAtATime.Check(Two(8, 11).History));
        Assert.Null(LifeRules.GoneWithTheLast.Check(Two(7, 12).History));
        Assert.NotNull(LifeRules.GoneWithTheLast.Check(Two(7, 20).History));
        Assert.Null(LifeRules.GoneWithTheLast.Check(Two(7, 20).Began(3, LifeCode.Open, 9).Died(3, 18, 25).History));
    }

    [Fact]
    public void All_takes_all_or_nothing()
    {
        Told Left(Told told, int first, int second) => told.Did(9, SeveralCode.Left, 90, 90, 0, first).Did(9, SeveralCode.Left, 91, 91, 1, second).Did(9, SeveralCode.Left, 92, 92, 2, 2);
        bool Breaks(Told told) => SeveralRules.AllOrNothing(3, 2).Check(told.History) is not null;
        Assert.False(Breaks(Left(new Told().Did(1, SeveralCode.All, 1, 2, 3), 1, 1)));
        Assert.True(Breaks(Left(new Told().Did(1, SeveralCode.All, 1, 2, 3), 1, 2)));
        Assert.False(Breaks(Left(new Told().Began(1, SeveralCode.All, 1, 3), 1, 1)));
        Assert.False(Breaks(Left(new Told().Began(1, SeveralCode.All, 1, 3), 2, 2)));
        Assert.True(Breaks(Left(new Told().Began(1, SeveralCode.All, 1, 3), 2, 1)));
        Assert.False(Breaks(Left(new Told().Did(1, SeveralCode.Any, 1, 2, 3, 0, 1), 2, 1)));
        Assert.True(Breaks(Left(new Told().Did(1, SeveralCode.Any, 1, 2, 3, 0, 1), 1, 1)));
    }

    [Fact]
    public void The_end_that_is_told_is_the_end_that_was()
    {
        Told Left(long told) => new Told().Did(1, TetherCode.Join, 1, 2, 0, 7).Did(1, TetherCode.Leave, 10, 12, 7).Did(2, TetherCode.Watch, 5, 20, 7, told);
        Told Dead(long told) => new Told().Did(1, TetherCode.Join, 1, 2, 0, 7).Died(1, 10, 12).Did(2, TetherCode.Watch, 5, 20, 7, told);
        Told Alive(long told) => new Told().Did(1, TetherCode.Join, 1, 2, 0, 7).Did(2, TetherCode.Watch, 5, 20, 7, told);
        bool Breaks(Told told) => TetherRules.EndsAreTold.Check(told.History) is not null;
        Assert.Equal([false, true, false], [Breaks(Left(0)), Breaks(Left(Abandoned)), Breaks(Left(TimedOut))]);
        Assert.Equal([true, false, false], [Breaks(Dead(0)), Breaks(Dead(Abandoned)), Breaks(Dead(TimedOut))]);
        Assert.Equal([true, true, false], [Breaks(Alive(0)), Breaks(Alive(Abandoned)), Breaks(Alive(TimedOut))]);
        Assert.True(Breaks(new Told().Did(1, TetherCode.Join, 1, 2, 0, 7).Died(1, 10, 12).Did(2, TetherCode.Watch, 20, 20_000_000_000, 7, TimedOut)));
    }

    [Fact]
    public void A_conversation_is_read_in_order_to_the_end()
    {
        long conversation = MessageId.StreamOf(Id(0));
        Told Written() => new Told().Did(1, PipeCode.Write, 1, 2, Id(0)).Did(1, PipeCode.Write, 3, 4, Id(1));
        Told Read(Told told, params uint[] numbers)
        {
            foreach (uint number in numbers)
                _ = told.Did(2, PipeCode.Read, 10 + number, 11 + number, conversation, Id(number));
            return told;
        }
        Assert.Null(PipeRules.RequestsInOrder.Check(Read(Written(), 0, 1).History));
        Assert.NotNull(PipeRules.RequestsInOrder.Check(Read(Written(), 1).History));
        Assert.NotNull(PipeRules.RequestsInOrder.Check(Read(Written(), 0, 1, 2).History));
        Told End(Told told, PipeEnd end) => told.Did(2, PipeCode.ReadEnd, 50, 51, conversation, (long)end);
        Told Complete(Told told) => told.Did(1, PipeCode.Complete, 20, 21, conversation);
        Assert.Null(PipeRules.RequestsComplete.Check(End(Complete(Read(Written(), 0, 1)), PipeEnd.Clean).History));
        Assert.NotNull(PipeRules.RequestsComplete.Check(End(Complete(Read(Written(), 0)), PipeEnd.Clean).History));
        Assert.NotNull(PipeRules.RequestsComplete.Check(End(Read(Written(), 0, 1), PipeEnd.Clean).History));
        Assert.Null(PipeRules.RequestsComplete.Check(End(Read(Written(), 0, 1).Died(1, 40, 45), PipeEnd.PeerDied).History));
        Assert.NotNull(PipeRules.RequestsComplete.Check(End(Read(Written(), 0, 1), PipeEnd.PeerDied).History));
        Assert.NotNull(PipeRules.RequestsComplete.Check(End(Read(Written(), 0).Died(1, 40, 45), PipeEnd.PeerDied).History));
    }

    [Fact]
    public void Of_a_conversation_in_bytes_no_more_comes_than_was_written()
    {
        long conversation = MessageId.StreamOf(Id(0));
        Told Written() => new Told().Did(1, PipeCode.Write, 1, 2, Id(9)).Did(1, PipeCode.Write, 13, 14, Id(19));
        Told Read(Told told, int actor, params uint[] last)
        {
            for (int i = 0; i < last.Length; i++)
                _ = told.Did(actor, PipeCode.Read, 10 + 10 * i, 11 + 10 * i, conversation, Id(last[i]));
            return told;
        }
        Assert.Null(PipeRules.BytesRead.Check(Read(Written(), 2, 4, 19).History));
        Assert.NotNull(PipeRules.BytesRead.Check(Read(Written(), 2, 10).History));
        Assert.NotNull(PipeRules.BytesRead.Check(Read(Written(), 2, 9, 20).History));
        Assert.NotNull(PipeRules.BytesRead.Check(Read(Written(), 2, 9, 9).History));
        Assert.NotNull(PipeRules.BytesRead.Check(Read(Read(Written(), 2, 4), 3, 9).History));
        Told End(Told told) => told.Did(1, PipeCode.Complete, 20, 21, conversation).Did(2, PipeCode.ReadEnd, 50, 51, conversation, (long)PipeEnd.Clean);
        Assert.Null(PipeRules.RequestsComplete.Check(End(Read(Written(), 2, 19)).History));
        Assert.NotNull(PipeRules.RequestsComplete.Check(End(Read(Written(), 2, 18)).History));
    }

    [Fact]
    public void Values_of_a_cell_have_one_order()
    {
        Told Written() => new Told().Did(1, CellCode.Write, 1, 2, Id(1)).Did(1, CellCode.Write, 3, 4, Id(2));
        Told Read(Told told, int actor, uint value, long number, long at) => told.Did(actor, CellCode.Read, at, at + 1, 0, value == 0 ? 0 : Id(value), number);
        Assert.Null(CellRules.OneOrder.Check(Read(Written(), 2, 2, 2, 10).History));
        Assert.NotNull(CellRules.OneOrder.Check(Read(Read(Written(), 2, 2, 2, 10), 3, 1, 1, 20).History));
        Assert.NotNull(CellRules.OneOrder.Check(Read(Read(Written(), 2, 2, 2, 2), 3, 1, 1, 20).History));
        Assert.NotNull(CellRules.OneOrder.Check(Read(Read(Written(), 2, 2, 2, 10), 3, 1, 2, 20).History));
        Assert.NotNull(CellRules.OneOrder.Check(Read(Written(), 2, 3, 3, 10).History));
    }

    [Fact]
    public void Updates_of_a_cell_are_all_there()
    {
        Told Added(long second, long left) => new Told().Did(1, CellCode.Add, 1, 2, 0, 1).Did(2, CellCode.Add, 3, 4, 0, second).Did(9, CellCode.Left, 9, 9, 0, left);
        Assert.Null(CellRules.NoUpdateLost.Check(Added(2, 2).History));
        Assert.NotNull(CellRules.NoUpdateLost.Check(Added(1, 2).History));
        Assert.NotNull(CellRules.NoUpdateLost.Check(Added(2, 1).History));
        Assert.Null(CellRules.NoUpdateLost.Check(Added(2, 3).Began(3, CellCode.Add, 1).History));
        Assert.NotNull(CellRules.NoUpdateLost.Check(new Told().Did(1, CellCode.Add, 1, 2, 0, 2).Did(2, CellCode.Add, 3, 4, 0, 1).History));
    }

    [Fact]
    public void A_value_is_of_its_key()
    {
        Told Written(long result) => new Told().Did(1, CellCode.Write, 1, 2, MessageId.Of(1, 3, 5), result);
        Assert.Null(CellMapRules.BelongsToItsKey.Check(Written(1).Did(2, CellCode.Read, 3, 4, MessageId.Of(0, 3, 0), MessageId.Of(1, 3, 5)).History));
        Assert.NotNull(CellMapRules.BelongsToItsKey.Check(Written(1).Did(2, CellCode.Read, 3, 4, MessageId.Of(0, 2, 0), MessageId.Of(1, 3, 5)).History));
        Assert.NotNull(CellMapRules.BelongsToItsKey.Check(Written(0).Did(2, CellCode.Read, 3, 4, MessageId.Of(0, 3, 0), MessageId.Of(1, 3, 5)).History));
        Assert.NotNull(CellMapRules.BelongsToItsKey.Check(Written(1).Did(2, CellCode.Read, 3, 4, MessageId.Of(0, 3, 0), MessageId.Of(1, 3, 6)).History));
    }

    [Fact]
    public void A_call_is_taken_once_and_ends_as_it_was_told()
    {
        Told Called(CallEnd end, long server = 0) => new Told().Did(1, ServiceCode.Call, 1, 20, Id(1), (long)end, server);
        Told Taken(Told told, int server) => told.Did(server, ServiceCode.Take, 5, 6, 0, Id(1));
        Told Answered(CallEnd end, long server) => Taken(Called(end, server), 2).Did(2, ServiceCode.Reply, 7, 8, Id(1), 1);
        Assert.Null(ServiceRules.TakenOnce.Check(Taken(Called(CallEnd.TimedOut), 2).History));
        Assert.NotNull(ServiceRules.TakenOnce.Check(Taken(Taken(Called(CallEnd.TimedOut), 2), 3).History));
        Assert.NotNull(ServiceRules.TakenOnce.Check(new Told().Did(2, ServiceCode.Take, 5, 6, 0, Id(1)).History));
        Assert.Null(ServiceRules.EndsAreTrue.Check(Answered(CallEnd.Answered, 2).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Answered(CallEnd.Answered, 3).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.Answered, 2), 2).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.PeerDied), 2).History));
        Assert.Null(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.PeerDied), 2).Died(2, 10, 12).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.PeerClosed), 2).History));
        Assert.Null(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.PeerClosed), 2).Did(2, ServiceCode.Leave, 8, 9).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.Failed), 2).History));
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(Taken(Called(CallEnd.TimedOut), 2).Did(2, ServiceCode.Reply, 25, 26, Id(1), 1).History));
    }

    [Fact]
    public void A_stream_that_ends_has_as_many_answers_as_were_given()
    {
        bool Breaks(long came, long given) => ServiceRules.EndsAreTrue.Check(new Told().Did(1, ServiceCode.Stream, 1, 20, Id(1), (long)CallEnd.Answered, came)
            .Did(2, ServiceCode.Take, 5, 6, 0, Id(1)).Did(2, ServiceCode.Complete, 7, 8, Id(1), 1, given).History) is not null;
        Assert.Equal([false, true, true], [Breaks(3, 3), Breaks(2, 3), Breaks(4, 3)]);
        Assert.NotNull(ServiceRules.EndsAreTrue.Check(new Told().Did(1, ServiceCode.Stream, 1, 20, Id(1), (long)CallEnd.Answered).Did(2, ServiceCode.Take, 5, 6, 0, Id(1)).History));
    }

    [Fact]
    public void What_rises_is_not_flat()
    {
        bool Flat(double perSecond) => Verdict.Of(["seconds", "asking descriptors"], [.. Enumerable.Range(0, 100).Select(i => new[] { i, 50 + perSecond * i })]).IsFlat;
        Assert.True(Flat(0));
        Assert.False(Flat(0.1));
        Assert.Equal(2, Trend.Of([(0, 1), (1, 3), (2, 5)]).Slope, 6);
    }
}
