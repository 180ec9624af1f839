using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samepage.Bench.Rivals;

/// <summary>What one side does with its end. Each answer comes after one more message that brings both sides together.</summary>
internal sealed class RivalSide<TEnd>(TEnd end, Job job, bool first)
    where TEnd : struct, IRivalEnd
{
    /// <summary>Of the message with which the reader of a stream says that it has all.</summary>
    private const int WordLength = sizeof(ulong);

    private ulong _number;

    public string Run(long count)
    {
        Move(1);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Move(count);
        long nanoseconds = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return $"{nanoseconds} {allocated}";
    }

    public string Times(long count)
    {
        Move(1);
        if (!first)
        {
            // No clock on this side: it would be part of the other's times.
            for (long i = 0; i < count; i++)
                Move(1);
            return RivalLoop.NoTimes;
        }
        long[] ticks = new long[count];
        for (long i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Move(1);
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }
        return RivalLoop.Percentiles(ticks);
    }

    private void Move(long count)
    {
        if (job.Kind == JobKind.RoundTrip)
            Trip(count);
        else if (first)
            Write(count);
        else
            Read(count);
    }

    private void Trip(long count)
    {
        for (long i = 0; i < count; i++)
        {
            _number++;
            if (first)
                end.Send(job.Size, _number);
            Receive(job.Size);
            if (!first)
                end.Send(job.Size, _number);
        }
    }

    private void Write(long count)
    {
        if (job.Kind == JobKind.Batches)
        {
            WriteBatches(count);
        }
        else
        {
            for (long i = 0; i < count; i++)
                end.Send(job.Size, ++_number);
        }
        Receive(WordLength);
    }

    private void WriteBatches(long count)
    {
        for (long left = count; left > 0; left -= Job.Batch)
        {
            int batch = (int)Math.Min(left, Job.Batch);
            end.SendBatch(job.Size, _number + 1, batch);
            _number += (ulong)batch;
        }
    }

    private void Read(long count)
    {
        for (long i = 0; i < count; i++)
        {
            _number++;
            Receive(job.Size);
        }
        end.Send(WordLength, _number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Receive(int length)
    {
        if (end.Receive(length) is var number && number != _number)
            throw new InvalidOperationException($"Message {number} came where {_number} was expected.");
    }
}
