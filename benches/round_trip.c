// How far two cores are from each other: nanoseconds for a number to go from one core to the other and back.
//
//     cc -O2 -pthread round_trip.c -o round_trip && ./round_trip
//
// Two threads, each bound to a core, hand each other a number in one place of memory. Cores that share a cache take around
// 100 ns, others several times as long. Linux only.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { TRIPS = 500000 };
static _Alignas(128) atomic_int place;

static void stay_on(int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
}

static void hand_over(int from, int to) {
    while (atomic_load_explicit(&place, memory_order_acquire) != from)
        ;
    atomic_store_explicit(&place, to, memory_order_release);
}

static void *other(void *nothing) {
    stay_on(1);
    for (int i = 0; i < TRIPS; i++)
        hand_over(2 * i + 1, 2 * i + 2);
    return nothing;
}

int main(void) {
    pthread_t thread;
    struct timespec from, to;
    stay_on(0);
    pthread_create(&thread, NULL, other, NULL);
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < TRIPS; i++)
        hand_over(2 * i, 2 * i + 1);
    pthread_join(thread, NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.0f\n", ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / TRIPS);
}
