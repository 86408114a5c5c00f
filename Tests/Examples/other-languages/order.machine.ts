import { assign, setup } from "xstate";

export const orderMachine = setup({
  types: { context: {} as { orderId: string; paymentId?: string } },
  guards: { paidEnough: ({ event }) => event.amount >= 100 },
}).createMachine({
  id: "order",
  initial: "awaitingPayment",
  states: {
    awaitingPayment: {
      on: { PAYMENT_RECEIVED: { guard: "paidEnough", target: "shipped", actions: assign({ paymentId: ({ event }) => event.paymentId }) } },
      after: { 1800000: "failed" },
    },
    shipped: { type: "final" },
    failed: { type: "final" },
  },
});
